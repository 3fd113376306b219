import { type CaseBook, type TicketPorts } from './service.ts'
import { createReporterCover } from './personal-data-policy.ts'
import { type SmsLines } from './sms-lines.ts'
import { edgeFor } from './ticket-machine.ts'
import { type Ticket } from './ticket.ts'

/** The case whose answer that one waits for: itself, or what it was merged into (row 22). */
export function leadingCase(store: Pick<TicketPorts['store'], 'find'>, ticket: Ticket): Ticket {
  const parent = ticket.followsId === null ? undefined : store.find(ticket.followsId)
  return parent === undefined ? ticket : leadingCase(store, parent)
}

/** What becomes of those who reported the same (regulation.md 2.2, row 22). Each in the caller's transaction. */
export function createFollowers(
  { store, now }: Pick<TicketPorts, 'store' | 'now'>,
  book: Pick<CaseBook, 'addEvent' | 'changed' | 'mustFind' | 'take'>,
  lines: Pick<SmsLines, 'tellCitizen'>,
) {
  /** The same to whoever reported each of them, without who reported the case they follow. */
  function tellEach(
    parent: Ticket,
    word: 'result' | 'rejected',
    said: Readonly<Record<string, string>>,
  ): void {
    const cover = createReporterCover(parent)
    const slots = Object.fromEntries(Object.entries(said).map(([name, text]) => [name, cover.freeText(text)]))
    for (const child of store.followersOf(parent.id)) {
      lines.tellCitizen(child, word, slots)
      book.changed(child)
    }
  }

  function follow(child: Ticket, parent: Ticket, actorId: number | null): void {
    store.setFollows(child.id, parent.id)
    book.addEvent(parent, 'followed', now().toISOString(), actorId, { childCode: child.code })
  }

  return {
    /** A case was merged into another; its citizen hears under which code the answer comes. */
    joined(child: Ticket, parentCode: string, actorId: number): void {
      const parent = book.mustFind(parentCode)
      follow(child, parent, actorId)
      lines.tellCitizen(child, 'merged')
      book.changed(parent)
    },

    /** Đ11.1 */
    tellResult: (parent: Ticket, answer: string): void => {
      tellEach(parent, 'result', { result: answer })
    },

    /** Đ8.2: what is not accepted from one is accepted from none of them; how the first was told says nothing of the others. */
    tellRejected(parent: Ticket, said: { readonly reason: string; readonly redirect: string }): void {
      tellEach(parent, 'rejected', said)
    },

    /**
     * The case ended without a result: withdrawn (row 23), or its citizen gave no answer (row 5). That is the will of one of
     * those who reported it; all others are still owed an answer (Đ8, Đ9). The oldest of them takes over, and the rest follow
     * that one: as many slips for one matter are what merging was to avoid. It begins again with the desk, under a clock of its
     * own: it has never been with the unit, and what the first citizen said there is not theirs to go on with. Its history
     * says which unit had the matter, and the time since it was received goes on. Whoever had the result before, as where the first
     * citizen objected to it and then gave up, is owed nothing more and stays as they were told.
     */
    takeOver(ended: Ticket, actorId: number | null): void {
      const answers = store.events(ended.id).filter(({ type }) => type === 'answered')
      const isOwed = ({ id }: Ticket): boolean => {
        const joined = store.events(id).findLast(({ type }) => type === 'merged' || type === 'followsNow')
        return !answers.some((answer) => joined !== undefined && answer.id > joined.id)
      }
      const [heir, ...others] = store
        .followersOf(ended.id)
        .filter((child) => child.followsId === ended.id && isOwed(child))
      const edge = edgeFor('merged', 'takeOver')
      if (heir === undefined || edge === undefined) return
      const at = now()
      const written = book.take(heir, edge, {
        at,
        actorId,
        type: 'tookOver',
        detail: () => ({ parentCode: ended.code, unitId: ended.unitId }),
        patch: { unitId: null, followsId: null },
      })
      book.addEvent(ended, 'takenOver', at.toISOString(), actorId, { childCode: heir.code })
      for (const child of others) {
        book.addEvent(child, 'followsNow', at.toISOString(), actorId, { parentCode: heir.code })
        follow(child, written, actorId)
        book.changed(child)
      }
      book.changed(written)
    },
  }
}
