import { AppError } from '../platform/errors.ts'
import { type AmiFields, type AmiHeaders, checkFields } from './ami-codec.ts'

/** Deadlines of what is asked of the PBX. Production uses the defaults; tests shorten them. */
export interface AmiExchangeTimings {
  readonly actionMs: number
  readonly listMs: number
  /** Added to an originate's own Timeout. */
  readonly originateMarginMs: number
}

/** One action's own deadline and what counts as success. */
export interface ActionOptions {
  readonly timeoutMs?: number
  /** An Error response is an answer like any other. */
  readonly tolerate?: boolean
}

/** A response, or one item of a list. */
export interface AmiMessage {
  readonly fields: AmiHeaders
}

/** What became of a call that was originated. */
export interface OriginateOutcome {
  readonly success: boolean
  /** Number of OriginateResponse: 4 answered, 5 busy, 3 no answer, 0 no such channel (Asterisk main/manager.c). */
  readonly reason: string
  readonly uniqueid: string
}

/** Matches answers to actions on one connection; knows no socket. */
export interface AmiExchange {
  readonly action: (fields: AmiFields, options?: ActionOptions) => Promise<AmiMessage>
  readonly list: (fields: AmiFields, options?: ActionOptions) => Promise<AmiMessage[]>
  readonly originate: (fields: AmiFields) => Promise<OriginateOutcome>
  /** Takes a message of the PBX; true when it answered an action of this connection and is no event for others. */
  readonly take: (headers: AmiHeaders) => boolean
  /** Rejects all that waits, and whatever is asked later. Again: nothing. */
  readonly end: (reason: string) => void
}

interface Waiting {
  /** Events with its id are its own, not everybody's. */
  readonly isList: boolean
  readonly take: (headers: AmiHeaders) => void
  readonly fail: (error: AppError) => void
}

const DEFAULTS: AmiExchangeTimings = { actionMs: 5_000, listMs: 15_000, originateMarginMs: 5_000 }
/** What Asterisk takes when an Originate names no Timeout. */
const ORIGINATE_TIMEOUT_MS = 30_000

/**
 * Every action ends: by its answer, by its deadline or by the end of the connection (M3). `idPrefix` must be this
 * connection's alone, since OriginateResponse of every other AMI session arrives here too.
 */
export function createAmiExchange(deps: {
  readonly idPrefix: string
  readonly write: (fields: AmiFields, actionId: string) => void
  readonly timings?: Partial<AmiExchangeTimings> | undefined
}): AmiExchange {
  const timings = { ...DEFAULTS, ...deps.timings }
  const waiting = new Map<string, Waiting>()
  let sent = 0
  let ended: string | undefined

  /** Registers the waiter, writes, and frees both waiter and timer however it ends. */
  function ask<T>(
    fields: AmiFields,
    { timeoutMs, isList = false }: { readonly timeoutMs: number; readonly isList?: boolean },
    answer: (headers: AmiHeaders, done: (result: T) => void, fail: (error: AppError) => void) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      checkFields(fields)
      if (ended !== undefined) throw lost(fields, ended)
      sent += 1
      const id = `${deps.idPrefix}${String(sent)}`
      const free = (): void => {
        clearTimeout(timer)
        waiting.delete(id)
      }
      const fail = (error: AppError): void => {
        free()
        reject(error)
      }
      const done = (result: T): void => {
        free()
        resolve(result)
      }
      const timer = setTimeout(() => {
        fail(new AppError('unavailable', 'AMI_SILENT', `The PBX did not answer ${nameOf(fields)} in time`))
      }, timeoutMs)
      const take = (headers: AmiHeaders): void => {
        answer(headers, done, fail)
      }
      waiting.set(id, { isList, take, fail })
      try {
        deps.write(fields, id)
      } catch (cause) {
        fail(new AppError('unavailable', 'AMI_LOST', 'The action could not be written', { cause }))
      }
    })
  }

  return {
    action(fields, options = {}) {
      const timeoutMs = options.timeoutMs ?? timings.actionMs
      return ask<AmiMessage>(fields, { timeoutMs }, (headers, done, fail) => {
        if (headers['response'] === undefined || headers['event'] !== undefined) return
        if (isError(headers) && options.tolerate !== true) fail(refused(fields, headers))
        else done({ fields: headers })
      })
    },
    list(fields, options = {}) {
      const items: AmiMessage[] = []
      const timeoutMs = options.timeoutMs ?? timings.listMs
      return ask<AmiMessage[]>(fields, { timeoutMs, isList: true }, (headers, done, fail) => {
        const end = headers['eventlist']?.toLowerCase()
        if (headers['event'] === undefined) {
          if (!isError(headers)) return
          if (options.tolerate === true) done(items)
          else fail(refused(fields, headers))
        } else if (end === 'complete') done(items)
        else if (end === 'cancelled') fail(refused(fields, headers))
        else items.push({ fields: headers })
      })
    },
    originate(fields) {
      const asked = Number(fields['Timeout'])
      const ringMs = Number.isFinite(asked) && asked > 0 ? asked : ORIGINATE_TIMEOUT_MS
      const asynchronous = { ...fields, Action: 'Originate', Async: 'true' }
      const timeoutMs = ringMs + timings.originateMarginMs
      return ask<OriginateOutcome>(asynchronous, { timeoutMs }, (headers, done, fail) => {
        // The response only says "queued"; it may even come after the outcome.
        if (headers['event'] === undefined) {
          if (isError(headers)) fail(refused(asynchronous, headers))
        } else if (headers['event'] === 'OriginateResponse') {
          done({
            success: headers['response'] === 'Success',
            reason: headers['reason'] ?? '',
            uniqueid: known(headers['uniqueid']),
          })
        }
      })
    },
    take(headers) {
      const id = headers['actionid']
      if (id === undefined || !id.startsWith(deps.idPrefix)) return false
      const waiter = waiting.get(id)
      waiter?.take(headers)
      // UserEvent and Originate also come back as events for everybody; only those carry a Privilege.
      return waiter?.isList === true || headers['event'] === undefined || headers['privilege'] === undefined
    },
    end(reason) {
      ended ??= reason
      for (const { fail } of waiting.values()) {
        fail(
          new AppError('unavailable', 'AMI_LOST', `The line to the PBX ended before the answer: ${reason}`),
        )
      }
    },
  }
}

function isError(headers: AmiHeaders): boolean {
  return headers['response']?.toLowerCase() === 'error'
}

function nameOf(fields: AmiFields): string {
  const name = Object.entries(fields).find(([key]) => key.toLowerCase() === 'action')?.[1]
  return typeof name === 'string' ? name : 'the action'
}

function refused(fields: AmiFields, headers: AmiHeaders): AppError {
  const reason = (headers['message'] ?? 'no reason given').slice(0, 200)
  return new AppError('conflict', 'AMI_ERROR', `The PBX refused ${nameOf(fields)}: ${reason}`)
}

function lost(fields: AmiFields, reason: string): AppError {
  return new AppError('unavailable', 'AMI_LOST', `${nameOf(fields)} was not sent: ${reason}`)
}

/** The PBX writes a missing id in words. */
function known(id: string | undefined): string {
  return id === undefined || id === '<unknown>' ? '' : id
}
