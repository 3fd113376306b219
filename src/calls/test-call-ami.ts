import { randomUUID } from 'node:crypto'
import type { AmiClient, AmiEvent } from '../asterisk/ami-client.ts'
import { AppError } from '../platform/errors.ts'
import { operatorOf } from './journal-entry.ts'
import type { Calls } from './service.ts'
import { createTestCase, type Finding, type TestCaseDeps, ticketOf } from './test-call-case.ts'
import type { MissingReason, TestCallLine, TestCallRequest, TestCallStep } from './test-call-contract.ts'
import { END_WITHIN_MS, STEP_WITHIN_MS } from './test-call-policy.ts'
import { type CallWatch, watchCall } from './test-call-watch.ts'

export interface TestCallDeps extends TestCaseDeps {
  readonly ami: Pick<AmiClient, 'originate' | 'action'>
  readonly calls: Pick<Calls, 'find' | 'popsOf'>
  /** The number test calls dial. */
  readonly line: string
  readonly now: () => Date
}

export interface TestCalls {
  /** One event of the PBX, after the calls took it. */
  observe(event: AmiEvent): void
  /** Something of a ticket changed: its recording or its SMS may be what a test call waits for. */
  ticketChanged(): void
  /**
   * Places a call, follows it to recording and slip, and hangs it up whatever happens. `tell` gets each line when it happens;
   * the last one is `done`, unless aborted. Ends within four minutes and the talk. Rejects for faults of our own only.
   */
  run(asked: TestCallRequest, tell: (line: TestCallLine) => void, aborted: AbortSignal): Promise<void>
  /** Hangs all of them up; resolves when that is done. */
  stop(): Promise<void>
}

type Failure = { readonly reason: 'pbxAway' | 'refused'; readonly pbx: string }

/** A test call under way, with what only its run knows. */
interface Run {
  readonly watch: CallWatch
  /** Whether the console of the operator whose phone rang last had the pop when it rang; always, for the scripted one. */
  popShown: boolean
  failure: Failure | undefined
  readonly tell: (step: TestCallStep, finding: Finding) => boolean
}

/** Test calls through the real PBX and the real intake, with the training mark throughout (R084). */
export function createTestCalls(deps: TestCallDeps): TestCalls {
  const { ami, calls, now } = deps
  const testCase = createTestCase(deps)
  const running = new Map<Run, Promise<void>>()

  /** The citizen's side is a Local channel with a recorded voice: no trunk is used and nothing is dialled outside. */
  async function place(run: Run, citizenId: string, from: string): Promise<void> {
    try {
      const outcome = await ami.originate({
        Channel: `Local/${deps.line}@hotline-test/n`,
        Context: 'hotline-test-citizen',
        Exten: 's',
        Priority: '1',
        CallerID: `<${from}>`,
        ChannelId: citizenId,
        // The half that runs the intake: its id is the call's. Asterisk takes an id that begins like another for the same.
        OtherChannelId: run.watch.callId,
        Timeout: String(STEP_WITHIN_MS.answered),
      })
      if (!outcome.success) run.failure = { reason: 'refused', pbx: outcome.reason }
    } catch (cause) {
      const refused = cause instanceof AppError && cause.kind !== 'unavailable'
      run.failure = { reason: refused ? 'refused' : 'pbxAway', pbx: refused ? cause.message : '' }
    }
    run.watch.wake()
  }

  /** A step of the call itself: missing when the call failed, is over, or stays silent. */
  async function heard(run: Run, step: TestCallStep, read: () => Finding): Promise<boolean> {
    const { watch } = run
    // A channel that could not be placed ends as well; why is in the answer to the placing, which follows.
    const isOver = () => watch.heard().answered && watch.heard().ended
    const settled = () => read().type !== 'waiting' || isOver() || run.failure !== undefined
    await watch.until(settled, STEP_WITHIN_MS[step])
    const finding = read()
    if (finding.type !== 'waiting') return run.tell(step, finding)
    const reason: MissingReason = run.failure?.reason ?? (watch.heard().ended ? 'hungUp' : 'silent')
    const detail = { pbx: run.failure?.pbx ?? '', operator: watch.heard().called }
    return run.tell(step, { type: 'missing', reason, detail })
  }

  async function connect(run: Run): Promise<boolean> {
    const { watch } = run
    const said = (value: string | null, detail: () => Finding['detail']): Finding =>
      value === null ? { type: 'waiting', detail: {} } : { type: 'found', detail: detail() }
    return (
      (await heard(run, 'answered', () =>
        said(watch.heard().answered ? deps.line : null, () => ({ line: deps.line })),
      )) &&
      (await heard(run, 'queued', () => said(watch.heard().queue, () => ({ queue: watch.heard().queue })))) &&
      (await heard(run, 'popped', () => popOf(run))) &&
      (await heard(run, 'connected', () =>
        said(watch.heard().connected, () => ({
          operator: watch.heard().connected,
          operatorName: calls.find(watch.callId)?.operatorName ?? null,
        })),
      ))
    )
  }

  /** What comes after the call, whichever is first. */
  async function settle(run: Run, code: string, from: string): Promise<void> {
    const later = async (step: 'recorded' | 'slip', late: MissingReason, read: () => Finding) => {
      await run.watch.until(() => read().type !== 'waiting', STEP_WITHIN_MS[step])
      const finding = read()
      run.tell(step, finding.type === 'waiting' ? { ...finding, type: 'missing', reason: late } : finding)
    }
    const sent = testCase.sendSlip(code, from)
    await Promise.all([
      later('recorded', 'notStored', () => testCase.recording(code, run.watch.callId)),
      sent.type === 'missing'
        ? run.tell('slip', sent)
        : later('slip', 'notDelivered', () => testCase.slip(code)),
    ])
  }

  async function follow(run: Run, asked: TestCallRequest, hungUp: (seconds: number) => void): Promise<void> {
    const { watch } = run
    const citizenId = `caller-${randomUUID()}`
    const placing = place(run, citizenId, asked.from)
    let talkSince: number | undefined
    let hasTicket = false
    try {
      if (await connect(run)) {
        talkSince = now().getTime()
        hasTicket = await heard(run, 'ticket', () => ticketOf(calls.find(watch.callId)))
        await watch.until(() => watch.heard().ended, asked.seconds * 1000)
      }
    } finally {
      // Only a call that was placed can be hung up.
      await placing
      await ami
        .action({ Action: 'Hangup', Channel: citizenId, Cause: '16' }, { tolerate: true })
        .catch(() => {
          // With the PBX away nobody can; the dialplan's own limit for test calls ends it.
        })
    }
    if (talkSince === undefined) return
    const seconds = Math.round((now().getTime() - talkSince) / 1000)
    await watch.until(() => calls.find(watch.callId)?.state === 'ended', END_WITHIN_MS)
    hungUp(seconds)
    const code = calls.find(watch.callId)?.ticketCode
    if (hasTicket && code != null && !watch.stopped()) await settle(run, code, asked.from)
  }

  return {
    observe(event) {
      for (const run of running.keys()) {
        if (!run.watch.take(event)) continue
        // Looked at now: by the time somebody waiting has the turn, the operator may have answered and the pop be gone.
        if (event.name === 'AgentCalled') run.popShown = isPopShown(calls, run.watch)
        run.watch.wake()
      }
    },
    ticketChanged() {
      for (const { watch } of running.keys()) watch.wake()
    },
    async run(asked, tell, aborted) {
      const watch = watchCall(`test-${randomUUID()}`)
      const placedMs = now().getTime()
      const moment = () => ({ at: now().toISOString(), ms: Math.max(0, now().getTime() - placedMs) })
      const say = (line: TestCallLine) => {
        if (!watch.stopped()) tell(line)
      }
      let ok = true
      const run: Run = {
        watch,
        popShown: false,
        failure: undefined,
        tell(step, finding) {
          const { detail } = finding
          const isFound = finding.type === 'found'
          ok &&= isFound
          if (finding.type === 'missing')
            say({ type: 'missing', step, reason: finding.reason, ...moment(), detail })
          else say({ type: 'step', step, ...moment(), detail })
          return isFound
        },
      }
      const stop = () => {
        watch.stop()
      }
      if (aborted.aborted) return
      aborted.addEventListener('abort', stop)
      say({ type: 'placed', callId: watch.callId, from: asked.from, ...moment() })
      const following = follow(run, asked, (seconds) => {
        say({ type: 'hungUp', seconds, ...moment() })
      })
      running.set(run, following)
      try {
        await following
      } catch (cause) {
        ok = false
        throw cause
      } finally {
        running.delete(run)
        aborted.removeEventListener('abort', stop)
        say({ type: 'done', ok, ...moment() })
      }
    },
    async stop() {
      const all = [...running]
      for (const [{ watch }] of all) watch.stop()
      await Promise.allSettled(all.map(([, following]) => following))
    },
  }
}

function popOf({ watch, popShown }: Run): Finding {
  const operator = watch.heard().called
  if (operator === null) return { type: 'waiting', detail: {} }
  return popShown
    ? { type: 'found', detail: { operator } }
    : { type: 'missing', reason: 'noPop', detail: { operator } }
}

function isPopShown(calls: Pick<Calls, 'popsOf'>, watch: CallWatch): boolean {
  const operatorId = operatorOf(watch.heard().called)
  // The scripted operator has no console; that the PBX rang it is all there is to see.
  return operatorId === null || calls.popsOf(operatorId).some(({ callId }) => callId === watch.callId)
}
