import type { ComponentChildren } from 'preact'
import type { Pop } from '../../calls/contract.ts'
import { t } from '../i18n/translate.ts'

/** Who is on the line: the same block while it rings and while they talk, so nothing jumps on answer. */
export function CallerHeader(props: {
  readonly pop: Pop
  /** Number and name only: the rest comes one picture later, below them. */
  readonly short?: boolean
  readonly children: ComponentChildren
}) {
  const { caller, number } = props.pop
  return (
    <header class="caller">
      <div class="caller-top">
        <p class="caller-number number" data-testid="pop-number">
          {number.display === '' ? t('number.hidden') : number.display}
        </p>
        <p class="caller-name">
          {caller.name ?? t('caller.noName')}
          <span class={`certainty certainty-${caller.certainty}`}>{t(`certainty.${caller.certainty}`)}</span>
        </p>
        <div class="caller-state">{props.children}</div>
      </div>
      {props.short !== true && <Facts pop={props.pop} />}
    </header>
  )
}

/** What else is known before saying hello. */
function Facts({ pop }: { readonly pop: Pop }) {
  const { caller, number } = pop
  return (
    <>
      {pop.back !== null && (
        <p class="caller-back">
          {pop.back.agency === null
            ? t('caller.back', { name: pop.back.operatorName ?? t('caller.anOperator') })
            : t(pop.back.isReached ? 'caller.backLost' : 'caller.backUnreached', {
                name: pop.back.operatorName ?? t('caller.anOperator'),
                agency: pop.back.agency,
              })}
          {pop.back.ticketCode !== null && ` · ${pop.back.ticketCode}`}
        </p>
      )}
      <ul class="caller-facts">
        <li class={pop.callsToday > 1 ? 'fact fact-strong' : 'fact'}>
          {pop.callsToday > 1 ? t('caller.timesToday', { times: pop.callsToday }) : t('caller.firstToday')}
        </li>
        {pop.missedToday > 0 && (
          <li class="fact fact-strong">{t('caller.missedToday', { times: pop.missedToday })}</li>
        )}
        {pop.training && <li class="fact fact-strong">{t('tag.training')}</li>}
        <li class="fact">{t('caller.line', { line: pop.line })}</li>
        <li class="fact number">
          {t(`numberKind.${number.kind}`)}
          {number.e164 !== null && ` · ${number.e164}`}
        </li>
        {caller.otherNames.length > 0 && (
          <li class="fact">{t('caller.otherNames', { names: caller.otherNames.join(', ') })}</li>
        )}
      </ul>
      {caller.address !== null && <p class="quiet">{caller.address}</p>}
    </>
  )
}
