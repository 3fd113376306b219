import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** The account of a desk phone, as `/api/phone?kind=desk` gives it. */
export interface PhoneAccount {
  readonly username: string
  readonly password: string
}

/** How citizens call: so many a second, for so long. */
export interface LoadPlan {
  readonly perSecond: number
  readonly seconds: number
}

/** What became of the calls of one plan. Times in milliseconds, one per call that got so far. */
export interface LoadResult {
  readonly placed: number
  /** From the INVITE to the hotline's answer. */
  readonly answerMs: readonly number[]
  /** From the hotline's answer to an operator's phone: what is played, and the wait. */
  readonly waitMs: readonly number[]
  /** Calls that were over, talked and hung up by the operator. */
  readonly talked: number
  /** How long it took to place them: longer than planned when this end was too slow. */
  readonly placedInMs: number
  /** From the last call placed until none was left; null when some were left. */
  readonly drainMs: number | null
  /** How late the phones' own timers were, at worst and in the last percent: they share the machine. */
  readonly ownLateMs: { readonly p99: number; readonly max: number }
}

/** What the phones' thread is told. */
export type PhonesOrder =
  | { readonly type: 'register'; readonly accounts: readonly PhoneAccount[] }
  | { readonly type: 'place'; readonly plan: LoadPlan }

/** What it answers, one word for each order. */
export type PhonesWord =
  | { readonly type: 'registered'; readonly failed: readonly string[] }
  | { readonly type: 'done'; readonly result: LoadResult }

/** Ports of the PBX and of the trunk it knows, how long an operator's phone rings and how long they talk. */
export interface PhonesSetting {
  readonly pbxPort: number
  readonly trunkPort: number
  readonly ringMs: number
  readonly talkMs: number
}

/** Telephone network and operators' desk phones of a load, in a thread of their own. */
export interface LoadPhones {
  readonly register: (accounts: readonly PhoneAccount[]) => Promise<void>
  /** Resolves when the last call is over, or had its time. */
  readonly place: (plan: LoadPlan) => Promise<LoadResult>
  readonly close: () => Promise<void>
}

/** Starts the phones; they ring for `ringMs`, talk for `talkMs` and hang up. */
export function startLoadPhones(setting: PhonesSetting): LoadPhones {
  const worker = new Worker(new URL('./load-phones-worker.ts', import.meta.url), { workerData: setting })

  async function ask(order: PhonesOrder): Promise<PhonesWord> {
    const word = once(worker, 'message')
    worker.postMessage(order)
    const [answer] = (await word) as [PhonesWord]
    return answer
  }

  return {
    async register(accounts) {
      const word = await ask({ type: 'register', accounts })
      if (word.type !== 'registered' || word.failed.length > 0)
        throw new Error(`phones did not register: ${JSON.stringify(word)}`)
    },
    async place(plan) {
      const word = await ask({ type: 'place', plan })
      if (word.type !== 'done') throw new Error('the phones answered something else')
      return word.result
    },
    async close() {
      await worker.terminate()
    },
  }
}
