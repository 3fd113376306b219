import { useEffect, useState } from 'preact/hooks'
import type { TicketPage, TicketRow, TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { sayDone, sayFailure } from '../state/failure-words.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Check } from '../ui/field.tsx'

export type UnseenMarks = ReturnType<typeof useUnseenMarks>

/** What of a list the City Office has not seen (Đ9.2), and which of it somebody chose to mark. */
export function useUnseenMarks(page: TicketPage | null) {
  const desk = useConsole()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [busy, setBusy] = useState(false)
  const codes = (page?.items ?? []).filter(({ unseen }) => unseen).map(({ code }) => code)
  // A page was turned, or somebody else has looked meanwhile.
  const stillChosen = codes.filter((code) => chosen.has(code))
  return {
    isShown: desk.session.value?.person.role === 'cityOffice',
    codes,
    chosen: stillChosen,
    busy,
    choose: (code: string, on: boolean): void => {
      setChosen(new Set(on ? [...stillChosen, code] : stillChosen.filter((other) => other !== code)))
    },
    chooseAll: (on: boolean): void => {
      setChosen(new Set(on ? codes : []))
    },
    mark: async (): Promise<void> => {
      setBusy(true)
      try {
        await desk.api.markSeen(stillChosen)
        setChosen(new Set())
        sayDone(t('unseen.done', { count: stillChosen.length }))
      } catch (cause) {
        sayFailure(cause)
      } finally {
        setBusy(false)
      }
    },
  }
}

/** Chooses and marks many; gone when all of the page was seen. */
export function UnseenBar({ marks }: { readonly marks: UnseenMarks }) {
  const { codes, chosen } = marks
  if (!marks.isShown || codes.length === 0) return null
  return (
    <div class="unseen-bar">
      <Check
        label={t('unseen.chooseAll', { count: codes.length })}
        checked={chosen.length === codes.length}
        onChange={marks.chooseAll}
      />
      <Button
        icon="check"
        small
        busy={marks.busy}
        disabled={chosen.length === 0}
        onClick={() => {
          void marks.mark()
        }}
      >
        {t('unseen.do', { count: chosen.length })}
      </Button>
    </div>
  )
}

export function UnseenCell({ row, marks }: { readonly row: TicketRow; readonly marks: UnseenMarks }) {
  return (
    <td
      class="cell-mark"
      onClick={(event) => {
        event.stopPropagation() // the row opens the case
      }}
    >
      {row.unseen && (
        <Check
          label={<span class="hidden">{t('unseen.choose', { code: row.code })}</span>}
          checked={marks.chosen.includes(row.code)}
          onChange={(on) => {
            marks.choose(row.code, on)
          }}
        />
      )}
    </td>
  )
}

/** Whoever of the City Office has the case open sees it, and what is forwarded while it stays open. */
export function useSeenWhenOpened({ code, officeCopies }: TicketView): void {
  const desk = useConsole()
  const isOffice = desk.session.value?.person.role === 'cityOffice'
  const isNew = isOffice && officeCopies.some(({ seenAt }) => seenAt === null)
  useEffect(() => {
    if (isNew) desk.api.markSeen([code]).catch(sayFailure)
  }, [code, isNew])
}
