import { useState } from 'preact/hooks'
import type { DossierSummary } from '../../dossiers/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { moment } from '../ui/format.ts'
import { Pager } from '../ui/pager.tsx'
import { useList } from '../ui/use-list.ts'

const LIMIT = 20

/** Dossiers that were compiled, the newest first. */
export function DossierHistory(props: {
  readonly training: boolean
  /** Grows when something was done here. */
  readonly round: number
  readonly onOpen: (id: number) => void
}) {
  const desk = useConsole()
  const [offset, setOffset] = useState(0)
  const { training, round } = props
  const key = JSON.stringify({ training, offset, round, changes: desk.changes.value.ticket })
  const page = useList(key, () => desk.api.dossiers({ training, offset, limit: LIMIT }))
  return (
    <section aria-label={t('dossiers.title')} class="dossier-history">
      <h2>{t('dossiers.title')}</h2>
      {page === null ? (
        <Skeleton rows={3} label={t('loading')} />
      ) : page.total === 0 ? (
        <Empty title={t('dossiers.none')}>
          <p>{t('dossiers.noneWhat')}</p>
        </Empty>
      ) : (
        <>
          <ul class="dossier-cards">
            {page.items.map((dossier) => (
              <Card key={dossier.id} dossier={dossier} onOpen={props.onOpen} />
            ))}
          </ul>
          <Pager offset={offset} limit={LIMIT} total={page.total} onOffset={setOffset} />
        </>
      )}
    </section>
  )
}

function Card(props: { readonly dossier: DossierSummary; readonly onOpen: (id: number) => void }) {
  const { dossier } = props
  return (
    <li class="dossier-card">
      <p>
        <strong class="code">{dossier.number}</strong> <DossierStateMark dossier={dossier} />
        {dossier.training && <span class="tag">{t('tag.training')}</span>}
      </p>
      <p class="quiet">
        {t('dossiers.compiled', {
          cases: dossier.cases,
          at: moment(dossier.compiledAt, minute.value),
          who: dossier.compiledByName ?? '–',
        })}
      </p>
      <Button
        small
        label={t('dossiers.openOf', { number: dossier.number })}
        onClick={() => {
          props.onOpen(dossier.id)
        }}
      >
        {t('dossiers.open')}
      </Button>
    </li>
  )
}

/** Where it stands, and whether it went late: in words, for ever. */
export function DossierStateMark({ dossier }: { readonly dossier: DossierSummary }) {
  const { state, sentAt, dueAt, documentNumber } = dossier
  const at = sentAt === null ? '' : moment(sentAt, minute.value)
  const due = dueAt === null ? t('dossiers.noDue') : moment(dueAt, minute.value)
  return (
    <>
      <span class={`state state-dossier-${state}`}>
        {t(`dossierState.${state}`, { at, due, document: documentNumber ?? '' })}
      </span>
      {dossier.late && <span class="tag tag-bad">{t('dossiers.late')}</span>}
    </>
  )
}
