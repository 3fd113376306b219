import type { SaveTicket, TicketView } from '../../tickets/contract.ts'
import { ApiError } from '../api.ts'
import { changedParts, mergeForms } from './form-merge.ts'
import type { DraftBox } from './ticket-editor.ts'

/**
 * Sends words that were typed while the network was away and whose case is no longer on the desk. Where somebody else
 * changed the same field meanwhile, the draft waits until the case is opened and a person chooses.
 */
export async function sendKeptDrafts(deps: {
  readonly drafts: DraftBox
  /** The case on the desk: its editor looks after its own words. */
  readonly except: () => string | null
  readonly load: (code: string) => Promise<TicketView>
  readonly save: (code: string, body: SaveTicket) => Promise<TicketView>
}): Promise<void> {
  for (const code of deps.drafts.codes()) {
    const kept = deps.drafts.read(code)
    if (kept === undefined || code === deps.except()) continue
    try {
      const fresh = await deps.load(code)
      const { form, conflicts } = mergeForms(kept.base, kept.form, fresh.form)
      const changed = changedParts(fresh.form, form)
      if (conflicts.length > 0 || (kept.conflicts ?? []).length > 0 || code === deps.except()) continue
      if (Object.keys(changed).length > 0) await deps.save(code, { version: fresh.version, form: changed })
      deps.drafts.remove(code)
    } catch (cause) {
      // The draft stays; the next return of the network tries again. Another failure than the network ends only this one.
      if (!(cause instanceof ApiError) || cause.status === 0) return
    }
  }
}
