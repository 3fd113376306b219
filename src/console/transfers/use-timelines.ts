import type { TicketView } from '../../tickets/contract.ts'
import type { CallTimeline, TransferView } from '../../transfers/contract.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { useList } from '../ui/use-list.ts'

/** Who heard whom in the calls of a case that were put through, by call; fetched again with every step of one that runs. */
export function useTimelines(ticket: TicketView): ReadonlyMap<string, CallTimeline> {
  const desk = useConsole()
  const mine = useLine((line) => stepOf(line.transfer, line.call?.state))
  // Readers who are shown no calls are not told who heard whom in them either.
  const isPutThrough = ticket.calls.length > 0 && ticket.events.some(({ type }) => type === 'transferStarted')
  const states = ticket.calls.map(({ state }) => state)
  const isRunning = isPutThrough && states.some((state) => state !== 'ended')
  // Another operator's steps are told as changes of the ticket.
  const theirs = isRunning ? desk.changes.value.ticket : 0
  const steps = isPutThrough ? [ticket.events.length, ...states, mine, theirs].join() : 'none'
  const found = useList(`${ticket.code}#${steps}`, () =>
    isPutThrough ? desk.api.ticketTransfers(ticket.code) : Promise.resolve({ calls: [] }),
  )
  return new Map(found?.calls.map((past) => [past.callId, past]))
}

function stepOf(transfer: TransferView | null, call: string | undefined): string {
  const attempts = transfer?.attempts.map(({ state }) => state) ?? []
  return [transfer?.id, transfer?.state, ...attempts, call].join('-')
}
