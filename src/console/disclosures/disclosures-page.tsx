import { useState } from 'preact/hooks'
import type { DisclosureAction, DisclosureGroup, DisclosureView } from '../../disclosures/contract.ts'
import { t } from '../i18n/translate.ts'
import { Player } from '../recordings/player.tsx'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Chips } from '../ui/field.tsx'
import { moment } from '../ui/format.ts'
import { Link } from '../ui/link.tsx'
import { Pager } from '../ui/pager.tsx'
import { useList } from '../ui/use-list.ts'
import { DecideDialog } from './decide-dialog.tsx'
import { Uses } from './disclosed-to.tsx'
import { hoursWords, recordingWords, standingWords, stateNow, whoWords } from './words.ts'

const GROUPS = ['waiting', 'open', 'over'] as const satisfies readonly DisclosureGroup[]
const LIMIT = 50

interface Deciding {
  readonly one: DisclosureView
  readonly action: Exclude<DisclosureAction, 'withdraw'>
}

/** What units ask for: decide, see what was heard and taken, revoke. For supervisors. */
export function DisclosuresPage() {
  const { api, changes } = useConsole()
  const [group, setGroup] = useState<DisclosureGroup>('waiting')
  const [offset, setOffset] = useState(0)
  const [turn, setTurn] = useState(0)
  const [deciding, setDeciding] = useState<Deciding | null>(null)
  const key = JSON.stringify({ group, offset, turn, changes: changes.value.disclosure })
  const page = useList(key, () => api.disclosures({ group, offset, limit: LIMIT }))
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('disclosure.title')}</h1>
        <Chips
          legend={t('disclosure.group')}
          hideLegend
          value={group}
          options={GROUPS.map((value) => ({
            value,
            label:
              value === 'waiting' && page !== null && page.waiting > 0
                ? `${t('disclosureGroup.waiting')} (${String(page.waiting)})`
                : t(`disclosureGroup.${value}`),
          }))}
          onChange={(chosen) => {
            setGroup(chosen)
            setOffset(0)
          }}
        />
      </header>
      {page === null ? (
        <Skeleton rows={6} label={t('loading')} />
      ) : page.items.length === 0 ? (
        <Empty title={t(`disclosureNone.${group}`)}>
          <p>{t('disclosure.noneWhat')}</p>
        </Empty>
      ) : (
        <>
          <ul class="disclosure-list">
            {page.items.map((one) => (
              <Row
                key={one.id}
                one={one}
                onDecide={(action) => {
                  setDeciding({ one, action })
                }}
              />
            ))}
          </ul>
          <Pager offset={offset} limit={LIMIT} total={page.total} onOffset={setOffset} />
        </>
      )}
      {deciding !== null && (
        <DecideDialog
          {...deciding}
          onClose={() => {
            setDeciding(null)
            setTurn(turn + 1)
          }}
        />
      )}
    </main>
  )
}

function Row(props: {
  readonly one: DisclosureView
  readonly onDecide: (action: Deciding['action']) => void
}) {
  const { one } = props
  const [open, setOpen] = useState(false)
  const { asked, granted } = one
  const terms = granted ?? asked
  const state = stateNow(one)
  return (
    <li class="disclosure" data-testid="disclosure">
      <p>
        <Link to={`/tickets/${one.ticketCode}`} class="code">
          {one.ticketCode}
        </Link>{' '}
        <strong>{one.unitName}</strong> · {one.requesterName}, {moment(one.requestedAt, minute.value)}
      </p>
      <p>{recordingWords(one.recording)}</p>
      <p class="disclosure-reason">{one.reason}</p>
      <p class="quiet">
        {t('disclosure.terms', {
          names: terms.people.map(({ name }) => name).join(', '),
          mode: t(`disclosureMode.${terms.mode}`),
          time: hoursWords(terms.hours),
        })}
      </p>
      {state !== 'requested' && (
        <p class={`disclosure-${state}`}>
          {standingWords(one)} {whoWords(one)}
        </p>
      )}
      {!one.unitReads && one.actions.length > 0 && (
        <p class="note note-bad">
          {t(state === 'requested' ? 'disclosure.notReadable' : 'disclosure.notReadableNow')}
        </p>
      )}
      <p class="disclosure-actions">
        {one.actions.map(
          (action) =>
            action !== 'withdraw' && (
              <Button
                key={action}
                small
                kind={action === 'approve' ? 'primary' : 'plain'}
                onClick={() => {
                  props.onDecide(action)
                }}
              >
                {t(`disclosureAction.${action}`)}
              </Button>
            ),
        )}
        <Button
          small
          kind="quiet"
          icon={open ? 'chevron' : 'play'}
          expanded={open}
          onClick={() => {
            setOpen(!open)
          }}
        >
          {t('recording.listen')}
        </Button>
      </p>
      {open && <Player recording={{ ...one.recording, numberDisplay: one.ticketCode }} autoPlay />}
      <Uses one={one} />
    </li>
  )
}
