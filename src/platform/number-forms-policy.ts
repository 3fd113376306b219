/** With the country's code, or without the 0 in front, as mobiles and landlines are (src/calls/phone-number.ts). */
const WITHOUT_ZERO = /^(?:(?:00)?84)?0?([35789]\d{8}|2\d{9})$/

/**
 * The wholes of which a run of digits may be one: itself, and as it is dialled at home. "84950000123" and "950000123" are "0950000123";
 * both stand there, since a foreign number may have the same digits. None is a beginning of another's.
 */
export function numberForms(digits: string): readonly string[] {
  const [, national] = WITHOUT_ZERO.exec(digits) ?? []
  return national === undefined ? [digits] : [...new Set([digits, `0${national}`])]
}
