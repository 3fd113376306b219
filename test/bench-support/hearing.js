import { toneLevel } from "../support/tone.js";
/**
 * What each person says, in hertz, at half of full scale. The waiting tune has notes of 440 and 659 Hz and nothing at 1,500;
 * nobody hears music where the citizen's 440 Hz is listened for.
 */
export const VOICES = { citizen: 440, operator: 880, agency: 1_500 };
/** Of the half of full scale that is said. A tone of another person leaks in with 0.02, a note of the tune has 0.13 at most. */
const SPOKEN_LEVEL = 0.2;
/** Of the packet's power; three voices at once leave each a third. */
const SPOKEN_SHARE = 0.3;
/** -40 dB of full scale: above the noise of A-law, below the softest sound of a word. */
const AUDIBLE = 0.01;
/** So many packets one after the other are needed: one that is half the old sound and half the new is none of both. */
const RUN = 3;
const RATE = 8_000;
const FULL_SCALE = 32_768;
/** Listens into one packet. */
export function listen(pcm, atMs) {
    let sum = 0;
    for (const sample of pcm)
        sum += (sample / FULL_SCALE) ** 2;
    const level = (speaker) => toneLevel(pcm, RATE, VOICES[speaker]);
    return {
        atMs,
        loudness: Math.sqrt(sum / Math.max(1, pcm.length)),
        levels: { citizen: level('citizen'), operator: level('operator'), agency: level('agency') },
    };
}
/** That person is heard, alone or with others. */
export function isSpeaking(heard, speaker) {
    return heard.levels[speaker] >= SPOKEN_LEVEL && shareOf(heard, speaker) >= SPOKEN_SHARE;
}
/** There is sound, and the operator is not in it: the announcement, or the music after it. Silence is neither. */
export function isMusic(heard) {
    return heard.loudness >= AUDIBLE && shareOf(heard, 'operator') < SPOKEN_SHARE;
}
/**
 * When that was first heard for 60 ms on end, at or after `fromMs`: the coming of the first packet of the three. Undefined when
 * it was not.
 */
export function firstHeard(packets, fromMs, fits) {
    let run = 0;
    for (const [at, heard] of packets.entries()) {
        run = heard.atMs >= fromMs && fits(heard) ? run + 1 : 0;
        if (run === RUN)
            return packets[at - RUN + 1]?.atMs;
    }
    return undefined;
}
function shareOf({ levels, loudness }, speaker) {
    return loudness === 0 ? 0 : levels[speaker] ** 2 / 2 / loudness ** 2;
}
//# sourceMappingURL=hearing.js.map