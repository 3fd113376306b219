import { describe, expect, it } from 'vitest'
import { callFace, type LineFacts } from '../../src/console/softphone/call-face.ts'
import { PHONE_OFF, type PhoneState } from '../../src/console/softphone/phone-machine.ts'
import type { TransferState } from '../../src/transfers/contract.ts'
import { aCall, aPresence } from './support.ts'

const READY: PhoneState = { ...PHONE_OFF, line: 'ready' }
const face = (facts: Partial<LineFacts>) =>
  callFace({ phone: READY, call: null, presence: aPresence(), popRinging: false, ...facts })

describe('the face of the line', () => {
  it('is what the ear hears, whatever the server still believes', () => {
    const phone: PhoneState = { ...READY, call: 'held' }
    expect(face({ phone, call: aCall({ state: 'talking' }) })).toBe('held')
  })

  it('is the wrap-up as soon as the operator let go, though the citizen still hears the goodbye', () => {
    expect(face({ call: aCall(), presence: aPresence({ state: 'wrapUp' }) })).toBe('wrapUp')
  })

  it('rings for a call that the server announces before the phone does', () => {
    expect(face({ popRinging: true })).toBe('ringing')
  })

  it('does not claim a talk before a reloaded page is connected again', () => {
    expect(face({ phone: undefined, call: aCall() })).toBe('answering')
    expect(face({ phone: { ...PHONE_OFF, line: 'connecting' }, call: aCall() })).toBe('answering')
    expect(face({ call: aCall() })).toBe('talking')
  })

  it('says what keeps a quiet line from ringing', () => {
    expect(face({})).toBe('idle')
    expect(face({ phone: { ...PHONE_OFF, line: 'connecting' } })).toBe('connecting')
    expect(face({ phone: { ...PHONE_OFF, line: 'refused' } })).toBe('off')
    expect(face({ phone: undefined })).toBe('off')
  })

  it('says with whom a transfer has put the phone together', () => {
    const phone: PhoneState = { ...READY, call: 'talking' }
    const during = (transfer: TransferState) => face({ phone, call: aCall(), transfer })
    expect(during('ringing')).toBe('transferring')
    expect(during('consult')).toBe('consulting')
    expect(during('merged')).toBe('threeWay')
    expect(during('citizenSide')).toBe('talking')
    expect(face({ transfer: 'blind', presence: aPresence({ state: 'wrapUp' }) })).toBe('wrapUp')
  })
})
