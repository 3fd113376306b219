/** An address as an SMS has it: a phone finds it without the scheme, and each character counts (regulation.md 6.1). */
export function bareLink(link: string): string {
  return link.replace(/^https?:\/\//, '')
}
