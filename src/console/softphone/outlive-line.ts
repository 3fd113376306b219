/** What JsSIP keeps of an INVITE that came in (jssip lib/Transactions.js InviteServerTransaction). */
interface InviteTransaction {
  readonly state: number
  onTransportError: () => void
}

interface Incoming {
  readonly request: object
  readonly session: { on(event: 'failed', listener: () => void): unknown }
}

/** Transactions.js C.STATUS_PROCEEDING: no final answer was given. */
const PROCEEDING = 2

/**
 * An INVITE that is not answered yet outlives the WebSocket it came on. JsSIP throws it away with that, though the PBX goes on
 * waiting for the answer and takes it from the next WebSocket as well (RFC 3261 §17.1.3 matches by branch, not by connection).
 * Without this neither answer nor refusal would be sent, and the citizen would ring at a deaf desk until the queue gives up.
 */
export function outliveLine({ request, session }: Incoming): void {
  const { server_transaction: transaction } = request as { readonly server_transaction?: InviteTransaction }
  if (transaction === undefined) return
  const giveUp = transaction.onTransportError.bind(transaction)
  transaction.onTransportError = () => {
    if (transaction.state !== PROCEEDING) giveUp()
  }
  // Ended with no line to say it on: there is nothing to answer any more.
  session.on('failed', () => {
    if (transaction.state === PROCEEDING) giveUp()
  })
}
