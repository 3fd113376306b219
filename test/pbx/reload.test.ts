import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pickPorts } from '../../src/cli/free-ports.ts'
import { pushEndpoint } from '../support/operators.ts'
import { type TestPbx, startPbx } from '../support/pbx.ts'
import { type PbxWatch, watchPbx } from '../support/pbx-watch.ts'
import { hearMore, readRecorded } from '../support/recorded.ts'
import { type SipCaller, openSipCaller } from '../support/sip-caller.ts'

const OPERATOR_HZ = 1_000
const FROM = '<sip:op-3@127.0.0.1>'

let pbx: TestPbx
let seen: PbxWatch
/** The operator's page before and after a reload: each a leg of its own. */
let page: SipCaller

beforeAll(async () => {
  pbx = await startPbx({ withCarrier: true })
  seen = watchPbx(pbx)
  const credentials = await pushEndpoint(pbx, 3)
  const [port = 0] = await pickPorts([{ kind: 'udp' }])
  page = await openSipCaller({ port, pbxPort: pbx.ports.sip, credentials })
})
afterAll(async () => {
  page.close()
  seen.stop()
  await pbx.stop()
})

describe('the leg of a reloaded page', () => {
  // Without HUSHES (src/cli/voice-set.ts) numbers below those of the leg before are silence in the recording.
  it.each([
    { number: '0950000061', what: 'below', sequences: [30_000, 5, 20_000] },
    { number: '0950000062', what: 'above', sequences: [5, 15_000, 30_000] },
  ])('is in the recording with sequence numbers $what those of the leg before', async (leg) => {
    await pbx.carrier.setPhone(leg.number, 'tone')
    const [first = 0, ...others] = leg.sequences
    let talk = await page.invite({ to: leg.number, from: FROM })
    let hush = talk.speak(first)
    const call = await seen.callOf(leg.number)
    const file = `call-${call}-operator`
    await seen.stage(call, 'connected')
    await hearMore(pbx, file, 4)
    expect((await readRecorded(pbx, file)).level(OPERATOR_HZ, 1)).toBeGreaterThan(0.2)

    for (const sequence of others) {
      const mark = seen.mark()
      hush()
      const before = talk
      talk = await page.invite({ to: 'resume', from: FROM })
      hush = talk.speak(sequence)
      await seen.stage(call, 'resumed', { after: mark })
      await before.ended
      await hearMore(pbx, file, 4)
      expect((await readRecorded(pbx, file)).level(OPERATOR_HZ, 1)).toBeGreaterThan(0.2)
    }

    talk.hangUp()
    hush()
    expect((await seen.finalRow(call)).get('cause')).toBe('16')
    const citizen = await readRecorded(pbx, `call-${call}-citizen`)
    expect(citizen.level(660, citizen.seconds)).toBeGreaterThan(0.2)
  })
})
