import { useState } from 'preact/hooks'
import type { Duplicate, DuplicateReason } from '../../suggestions/contract.ts'
import type { TicketView } from '../../tickets/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import type { TicketEditor } from '../state/ticket-editor.ts'
import { Button } from '../ui/button.tsx'
import { moment, secondsSince, span } from '../ui/format.ts'
import { dismissDuplicate, duplicatesFor } from './live-help.ts'
import { useAct } from './use-act.ts'

interface LikelyProps {
  readonly ticket: TicketView
  readonly editor: TicketEditor
  /** Shows the case beside, the form staying as it is. */
  readonly onPeek: (code: string) => void
}

/** Cases that are likely about the same matter, while the citizen is still talking (Đ13.1, R080). The operator decides. */
export function LikelyCases({ ticket, editor, onPeek }: LikelyProps) {
  const [merging, setMerging] = useState<string | null>(null)
  const shown = duplicatesFor(ticket.code)
  if (shown.length === 0) return null
  return (
    <section class="likely" aria-label={t('likely.title')} data-testid="likely">
      <h2>
        {t('likely.title')}
        <span class="count">{shown.length}</span>
        <kbd aria-hidden="true">Alt+U</kbd>
      </h2>
      <p class="hidden" role="status">
        {t('likely.found', { count: shown.length })}
      </p>
      <ul>
        {shown.map((one) => (
          <LikelyCase
            key={one.code}
            one={one}
            ticket={ticket}
            editor={editor}
            onPeek={onPeek}
            isMerging={merging === one.code}
            onMerging={(wanted) => {
              setMerging(wanted ? one.code : null)
            }}
          />
        ))}
      </ul>
    </section>
  )
}

function LikelyCase(
  props: LikelyProps & {
    readonly one: Duplicate
    readonly isMerging: boolean
    readonly onMerging: (wanted: boolean) => void
  },
) {
  const { one, ticket, isMerging, onMerging } = props
  const area = useConsole().directory.value?.areas.find(({ id }) => id === one.areaId)
  const place = [one.place, area?.name ?? ''].filter((part) => part !== '').join(', ')
  return (
    <li class="likely-case">
      <p class="likely-head">
        <span class="code">{one.code}</span>
        <span class={`state state-${one.state}`}>{tOr(`state.${one.state}`, 'state.other')}</span>
      </p>
      <p class="likely-title">{one.title === '' ? t('ticket.noTitle') : one.title}</p>
      {place !== '' && <p class="quiet">{place}</p>}
      <p class="likely-why">{whyText(one)}</p>
      {isMerging ? (
        <MergeQuestion {...props} />
      ) : (
        <div class="likely-do">
          <Button
            small
            label={t('likely.lookAt', { code: one.code })}
            onClick={() => {
              props.onPeek(one.code)
            }}
          >
            {t('likely.look')}
          </Button>
          {one.canMerge && (
            <Button
              small
              testId={`merge-into-${one.code}`}
              label={t('likely.mergeInto', { code: one.code })}
              onClick={() => {
                onMerging(true)
              }}
            >
              {t('likely.merge')}
            </Button>
          )}
          <Button
            small
            kind="quiet"
            label={t('likely.notSameAs', { code: one.code })}
            onClick={() => {
              dismissDuplicate(ticket.code, one.code)
            }}
          >
            {t('likely.notSame')}
          </Button>
        </div>
      )}
    </li>
  )
}

/** Asked once more, because nothing brings it back; with what to tell the citizen about the earlier case. */
function MergeQuestion({
  one,
  editor,
  onMerging,
}: {
  readonly one: Duplicate
  readonly editor: TicketEditor
  readonly onMerging: (wanted: boolean) => void
}) {
  const { api } = useConsole()
  const { busy, act } = useAct(editor)
  const merge = async (): Promise<void> => {
    await act(
      (code, version) => api.moveTicket(code, { version, action: 'merge', parentCode: one.code }),
      t('likely.merged', { code: one.code }),
    )
  }
  return (
    <div class="likely-merge" role="group" aria-label={t('likely.mergeInto', { code: one.code })}>
      <p>
        <strong>{t('likely.say')}</strong> {sayText(one)}
      </p>
      <div class="likely-do">
        <Button
          small
          kind="primary"
          busy={busy}
          testId="merge-sure"
          onClick={() => {
            void merge()
          }}
        >
          {t('likely.mergeSure', { code: one.code })}
        </Button>
        <Button
          small
          kind="quiet"
          onClick={() => {
            onMerging(false)
          }}
        >
          {t('move.cancel')}
        </Button>
      </div>
    </div>
  )
}

/** "cùng đường Lạch Tray, cùng lĩnh vực, 2 giờ trước". */
function whyText({ reasons, createdAt }: Duplicate): string {
  const seconds = secondsSince(createdAt, minute.value)
  const age = seconds < 60 ? t('likely.justNow') : t('likely.ago', { span: span(seconds) })
  return [...reasons.map(reasonText), age].join(', ')
}

function reasonText(reason: DuplicateReason): string {
  switch (reason.kind) {
    case 'street':
    case 'number':
    case 'alley':
      return t(`likely.why.${reason.kind}`, { name: reason.name })
    case 'words':
      return t('likely.why.words', { words: reason.words.map((word) => `“${word}”`).join(', ') })
    case 'area':
    case 'field':
    case 'caller':
      return t(`likely.why.${reason.kind}`)
  }
}

function sayText({ code, unitName, dueAt }: Duplicate): string {
  if (unitName === null) return t('likely.sayHere', { code })
  if (dueAt === null) return t('likely.sayUnit', { code, unit: unitName })
  return t('likely.sayDue', { code, unit: unitName, due: moment(dueAt, minute.value) })
}
