import { expect, test } from 'vitest'
import { alawOf } from './g711.ts'
import { openRtpVoice, soundOf, soundPacket } from './rtp-voice.ts'
import { tone, toneLevel } from './tone.ts'

test('a packet of sound is read as it was said, and nothing else is taken for sound', () => {
  const alaw = alawOf(tone(440, 20))
  const packet = soundPacket(70_000, alaw)
  expect(packet.readUInt16BE(2)).toBe(70_000 - 65_536)
  expect(alawOf(soundOf(packet) ?? new Int16Array())).toEqual(alaw)
  const telephoneEvent = Buffer.from(packet)
  telephoneEvent[1] = 101
  expect(soundOf(telephoneEvent)).toBeUndefined()
  expect(soundOf(packet.subarray(0, 12))).toBeUndefined()
  expect(soundOf(Buffer.alloc(0))).toBeUndefined()
})

test('a voice says its tone without a seam at the pace of a phone, and hears the other one', async () => {
  const heard: number[] = []
  const listener = await openRtpVoice({
    hz: 880,
    onSound: (pcm) => {
      heard.push(...pcm)
    },
  })
  const speaker = await openRtpVoice({ hz: 440, onSound: () => undefined })
  try {
    const startMs = performance.now()
    speaker.speakTo(listener.port)
    await expect.poll(() => heard.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(3_200)
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(380)
    expect(toneLevel(Int16Array.from(heard.slice(0, 3_200)), 8_000, 440)).toBeCloseTo(0.5, 1)
  } finally {
    speaker.close()
    listener.close()
  }
})
