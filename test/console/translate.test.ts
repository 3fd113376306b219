import { afterEach, describe, expect, it } from 'vitest'
import { PAUSE_REASONS, PRESENCE_STATES } from '../../src/presence/contract.ts'
import { CALL_OUTCOMES, CALL_STATES, NUMBER_KINDS } from '../../src/calls/contract.ts'
import { en } from '../../src/console/i18n/en.ts'
import { speak, t, tOr } from '../../src/console/i18n/translate.ts'
import { vi } from '../../src/console/i18n/vi.ts'
import { CALL_FACES } from '../../src/console/softphone/call-face.ts'
import { MICROPHONE_PROBLEMS } from '../../src/console/softphone/phone-machine.ts'
import { language } from '../../src/console/state/preferences.ts'
import { SMS_STATES } from '../../src/messages/contract.ts'
import { RECORDING_FLAGS, RECORDING_KINDS, RECORDING_STATES } from '../../src/recordings/contract.ts'
import { CHANNELS, TICKET_KINDS, TICKET_STATES } from '../../src/tickets/contract.ts'
import {
  ATTEMPT_STATES,
  SOUNDS,
  SPAN_CAUSES,
  TRANSFER_PARTIES,
  TRANSFER_STATES,
} from '../../src/transfers/contract.ts'

const values = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort()

afterEach(() => {
  language.value = 'vi'
})

describe('the catalogues', () => {
  it('have the same keys, none of them empty', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort())
    for (const text of [...Object.values(vi), ...Object.values(en)]) expect(text.trim()).not.toBe('')
  })

  it('fill the same values in both languages', () => {
    for (const [key, text] of Object.entries(vi)) {
      expect({ key, values: values(en[key as keyof typeof vi]) }).toEqual({ key, values: values(text) })
    }
  })

  it('are written in composed letters, so that they look and search alike everywhere', () => {
    for (const text of Object.values(vi)) expect(text).toBe(text.normalize('NFC'))
  })

  it.each([
    ['presence', PRESENCE_STATES],
    ['pause', PAUSE_REASONS],
    ['callState', CALL_STATES],
    ['outcome', CALL_OUTCOMES],
    ['numberKind', NUMBER_KINDS],
    ['face', CALL_FACES],
    ['microphone', MICROPHONE_PROBLEMS],
    ['smsState', SMS_STATES],
    ['flag', RECORDING_FLAGS],
    ['recordingKind', RECORDING_KINDS],
    ['recordingState', RECORDING_STATES],
    ['transferState', TRANSFER_STATES],
    ['attempt', ATTEMPT_STATES],
    ['party', TRANSFER_PARTIES],
    ['sound', SOUNDS],
    ['heard', SOUNDS],
    ['spanEnd', SPAN_CAUSES],
    ['channel', CHANNELS],
    ['state', TICKET_STATES],
    ['kind', TICKET_KINDS.filter((kind) => kind !== 'callback')],
  ])('have a word for each %s', (prefix, members) => {
    const missing = members.filter((member) => !Object.hasOwn(vi, `${prefix}.${member}`))
    expect(missing).toEqual([])
  })
})

describe('a sentence', () => {
  it('comes in the language of the page with its values', async () => {
    expect(t('palette.call', { number: '1022' })).toBe('Gọi 1022')
    await speak('en')
    expect(t('palette.call', { number: '1022' })).toBe('Call 1022')
  })

  it('falls back where the service has a word nobody translated yet', () => {
    expect(tOr('state.somethingNew', 'state.other')).toBe(vi['state.other'])
  })

  it('takes a value for what it is, whatever it looks like', () => {
    expect(t('palette.call', { number: '{number}$&' })).toBe('Gọi {number}$&')
  })
})

it('no sentence stands in two files of the catalogue', () => {
  const files = import.meta.glob<Record<string, Record<string, string>>>('../../src/console/i18n/vi/*.ts', {
    eager: true,
  })
  const keys = Object.values(files).flatMap((file) => Object.values(file).flatMap(Object.keys))
  expect(keys).toHaveLength(Object.keys(vi).length)
})
