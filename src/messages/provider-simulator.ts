import { type CarrierRecord, type SmsProvider } from './service.ts'
import { type MessageStore } from './store.ts'

/** Every message reaches a handset that anybody signed in can look at. For cities without a carrier contract, and for training. */
export function createSimulatorProvider(
  store: Pick<MessageStore, 'addHandsetMessage' | 'handsetMessage'>,
  now: () => Date,
): SmsProvider {
  const record = (reference: string): CarrierRecord => ({
    sid: reference,
    status: 'delivered',
    errorCode: null,
  })
  return {
    name: 'simulator',
    async send({ id, to, text }) {
      const reference = referenceOf(id)
      store.addHandsetMessage({ reference, phone: to, text, at: now().toISOString() })
      return { type: 'accepted', sid: reference, status: 'delivered' }
    },
    async find({ id }) {
      const reference = referenceOf(id)
      return store.handsetMessage(reference) === undefined ? [] : [record(reference)]
    },
    async look(sid) {
      return store.handsetMessage(sid) === undefined ? undefined : record(sid)
    },
  }
}

function referenceOf(id: number): string {
  return `sim-${String(id)}`
}
