import { useState } from 'preact/hooks'
import type { AuditEntry, AuditFilter, SealStatus } from '../../seals/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Field, Select } from '../ui/field.tsx'
import { dayText, moment, timeOfDay } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { Link } from '../ui/link.tsx'
import { useList, useSettled } from '../ui/use-list.ts'
import { actionOptions, actionWords, subjectWords, ticketOf } from './words.ts'

const LIMIT = 50
const ANY = ''
const SERVICE = '0'

interface Chosen {
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly from: string
  readonly to: string
}

const NOTHING_CHOSEN: Chosen = { actor: ANY, action: ANY, subject: '', from: '', to: '' }

/** The audit log, for supervisors, admins and auditors: who did what to what, and what vouches for it. */
export function AuditPage() {
  const desk = useConsole()
  const [chosen, setChosen] = useState(NOTHING_CHOSEN)
  /** Last line of each page that was left, for going back. */
  const [left, setLeft] = useState<readonly number[]>([])
  const [round, setRound] = useState(0)
  const before = left.at(-1)
  const filter = filterOf(chosen)
  const key = useSettled(JSON.stringify({ filter, before, round }), 200)
  const page = useList(key, () =>
    desk.api.auditLines({ ...filter, ...(before === undefined ? {} : { before }), limit: LIMIT }),
  )
  const status = useList(`#${String(round)}`, () => desk.api.sealStatus())
  const choose = (change: Partial<Chosen>): void => {
    setLeft([])
    setChosen((before) => ({ ...before, ...change }))
  }
  const last = page?.items.at(-1)
  return (
    <main class="page" id="main" tabIndex={-1}>
      <header class="page-head">
        <h1>{t('auditPage.title')}</h1>
        <p class="slip-links">
          <a href={desk.api.auditExportPath({ ...filter, format: 'csv' })} download>
            <Icon name="file" />
            {t('auditPage.csv')}
          </a>
          <a href={desk.api.auditExportPath({ ...filter, format: 'json' })} download>
            <Icon name="file" />
            {t('auditPage.json')}
          </a>
        </p>
      </header>
      <Seals status={status} />
      <Filters chosen={chosen} people={status?.people ?? []} onChoose={choose} />
      {page === null ? (
        <Skeleton rows={12} label={t('loading')} />
      ) : page.items.length === 0 ? (
        <Empty title={t('auditPage.none')}>
          <Button
            onClick={() => {
              choose(NOTHING_CHOSEN)
            }}
          >
            {t('auditPage.clear')}
          </Button>
        </Empty>
      ) : (
        <Lines
          items={page.items}
          onSubject={(subject) => {
            choose({ subject })
          }}
        />
      )}
      <nav class="pager" aria-label={t('pager.label')}>
        <Button
          small
          disabled={left.length === 0}
          onClick={() => {
            setLeft(left.slice(0, -1))
          }}
        >
          {t('auditPage.newer')}
        </Button>
        <Button
          small
          disabled={page?.more !== true || last === undefined}
          onClick={() => {
            if (last !== undefined) setLeft([...left, last.id])
          }}
        >
          {t('auditPage.older')}
        </Button>
        <Button
          small
          onClick={() => {
            setLeft([])
            setRound(round + 1)
          }}
        >
          {t('auditPage.refresh')}
        </Button>
      </nav>
    </main>
  )
}

function Filters(props: {
  readonly chosen: Chosen
  readonly people: SealStatus['people']
  readonly onChoose: (change: Partial<Chosen>) => void
}) {
  const { chosen, onChoose } = props
  return (
    <div class="filters audit-filters" role="search">
      <Select
        label={t('auditPage.actor')}
        value={chosen.actor}
        options={[
          { value: ANY, label: t('auditPage.anyone') },
          { value: SERVICE, label: t('auditPage.service') },
          ...props.people.map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
        onChange={(actor) => {
          onChoose({ actor })
        }}
      />
      <Select
        label={t('auditPage.action')}
        value={chosen.action}
        options={[{ value: ANY, label: t('auditPage.anything') }, ...actionOptions()]}
        onChange={(action) => {
          onChoose({ action })
        }}
      />
      <Field
        label={t('auditPage.subject')}
        type="search"
        value={chosen.subject}
        placeholder={t('auditPage.subjectHint')}
        maxLength={100}
        onInput={(subject) => {
          onChoose({ subject })
        }}
      />
      <Field
        label={t('auditPage.from')}
        type="date"
        value={chosen.from}
        onInput={(from) => {
          onChoose({ from })
        }}
      />
      <Field
        label={t('auditPage.to')}
        type="date"
        value={chosen.to}
        onInput={(to) => {
          onChoose({ to })
        }}
      />
    </div>
  )
}

function Lines(props: {
  readonly items: readonly AuditEntry[]
  readonly onSubject: (subject: string) => void
}) {
  return (
    <div class="table-frame">
      <table class="table audit-table">
        <thead>
          <tr>
            <th scope="col">{t('auditPage.when')}</th>
            <th scope="col">{t('auditPage.actor')}</th>
            <th scope="col">{t('auditPage.action')}</th>
            <th scope="col">{t('auditPage.subject')}</th>
            <th scope="col">{t('auditPage.line')}</th>
          </tr>
        </thead>
        <tbody>
          {props.items.map((entry) => (
            <Line key={entry.id} entry={entry} onSubject={props.onSubject} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line(props: { readonly entry: AuditEntry; readonly onSubject: (subject: string) => void }) {
  const { entry } = props
  const session = useConsole().session.value
  const code = ticketOf(entry.subject)
  return (
    <tr>
      <td class="audit-when">
        {timeOfDay(entry.at)} {dayText(new Date(entry.at), minute.value)}
      </td>
      <td>
        {entry.actorId === null
          ? t('auditPage.service')
          : (entry.actorName ?? t('auditPage.person', { id: entry.actorId }))}
      </td>
      <td>{actionWords(entry)}</td>
      <td>
        {code !== null && session?.person.role !== 'auditor' ? (
          <Link to={`/tickets/${code}`} class="code">
            {code}
          </Link>
        ) : (
          <Button
            small
            kind="quiet"
            label={t('auditPage.onlySubject', { subject: subjectWords(entry) })}
            onClick={() => {
              props.onSubject(entry.subject)
            }}
          >
            {subjectWords(entry)}
          </Button>
        )}
      </td>
      <td>
        <details>
          <summary>{t('auditPage.number', { id: entry.id })}</summary>
          <p class="audit-detail">
            <code>
              {entry.action} {entry.subject} {entry.detail}
            </code>
          </p>
          {entry.hash === null ? (
            <p class="figure-bad">{t('auditPage.unlinked')}</p>
          ) : (
            <p class="quiet audit-detail">
              {t('auditPage.hash')} <code>{entry.hash}</code>
            </p>
          )}
        </details>
      </td>
    </tr>
  )
}

/** How far the chains are, when a head was signed last, and the key to check it with. */
function Seals({ status }: { readonly status: SealStatus | null }) {
  if (status === null) return null
  const countOf = (name: string): number => status.chains.find((chain) => chain.name === name)?.seq ?? 0
  return (
    <details class="seals">
      <summary>
        {t('seals.counts', { lines: countOf('audit'), recordings: countOf('recordings') })}{' '}
        {status.signedAt === null
          ? t('seals.unsigned')
          : t('seals.signed', { at: moment(status.signedAt, minute.value) })}
      </summary>
      <p>{t('seals.what')}</p>
      <p>{t('seals.key')}</p>
      <pre class="audit-detail">{status.publicKey}</pre>
    </details>
  )
}

function filterOf({ actor, action, subject, from, to }: Chosen): AuditFilter {
  return {
    ...(actor === ANY ? {} : { actor: Number(actor) }),
    ...(action === ANY ? {} : { action }),
    ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
    ...(from === '' ? {} : { from }),
    ...(to === '' ? {} : { to }),
  }
}
