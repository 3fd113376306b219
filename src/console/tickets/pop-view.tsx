import type { Pop } from '../../calls/contract.ts'
import { t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { CallerHeader } from './caller-header.tsx'
import { CallerHistory } from './caller-history.tsx'

/** What is known before saying hello; who it is comes first, and the rest one picture later. `docked`: the operator is writing, so it keeps to the edge and waits. */
export function PopView(props: {
  readonly pop: Pop
  readonly docked: boolean
  readonly onOpen: (code: string) => void
}) {
  const { pop, docked } = props
  const isAhead = useConsole().popAhead.value !== null
  return (
    <section
      class={`pop face-ringing${docked ? ' pop-docked' : ''}${isAhead ? ' pop-ahead' : ''}`}
      aria-label={t('pop.title')}
      data-testid="pop"
      data-call={pop.callId}
    >
      <h2 class="hidden">{t('pop.title')}</h2>
      <CallerHeader pop={pop} short={isAhead}>
        <p class="pop-word" role="alert">
          <span class="state-shape" aria-hidden="true" />
          {t('pop.ringing')}
          <kbd>F2</kbd> <span class="quiet">{t('pop.toAnswer')}</span>
        </p>
      </CallerHeader>
      {!docked && !isAhead && <CallerHistory pop={pop} onOpen={props.onOpen} />}
    </section>
  )
}
