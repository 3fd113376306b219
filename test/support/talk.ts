/**
 * Something a speech codec takes for speech, the same at each run: syllables of a voice with five formants' worth of overtones. Both sides take
 * turns of two seconds; side 1 is the lower voice.
 */
export function talk(seconds: number, side: 0 | 1): Int16Array {
  const pitch = side === 0 ? 190 : 115
  return Int16Array.from({ length: seconds * 8_000 }, (_, at) => {
    const s = at / 8_000
    const isTurn = Math.floor(s / 2) % 2 === side
    const syllable =
      Math.max(0, Math.sin(2 * Math.PI * 2.5 * s)) * (0.6 + 0.4 * Math.sin(2 * Math.PI * 0.3 * s))
    if (!isTurn) return 0
    let voice = 0
    for (let tone = 1; tone <= 8; tone += 1)
      voice += Math.sin(2 * Math.PI * pitch * tone * s + Math.sin(2 * Math.PI * 3 * s)) / tone
    return 6_000 * syllable * voice
  })
}
