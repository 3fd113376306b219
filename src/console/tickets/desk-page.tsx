import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { DueCard } from '../queue/due-card.tsx'
import { MissedCard } from '../queue/missed-card.tsx'
import { PresenceCard } from '../queue/presence-card.tsx'
import { RelayCard } from '../queue/relay-card.tsx'
import { WaitingCard } from '../queue/waiting-card.tsx'
import { SoftphonePanel } from '../softphone/panel.tsx'
import { takesCalls } from '../state/console.ts'
import { useConsole } from '../state/console-context.ts'
import { isRunning } from '../state/line.ts'
import { CasePanel } from './case-panel.tsx'
import { HelpPanel } from './help-panel.tsx'
import { PeekDialog } from './peek-dialog.tsx'

/** The operator's one screen: the line, the case, the help. */
export function DeskPage() {
  const desk = useConsole()
  const atTheLine = takesCalls(desk.session.value)
  const [peek, setPeek] = useState<string | null>(null)
  // During a call the case on the desk is the caller's; another one is only looked at.
  const open = (code: string): void => {
    if (isRunning(desk.line.value.call)) setPeek(code)
    else void desk.openCase(code)
  }
  return (
    <div class="desk">
      <aside class="desk-line" aria-label={t('desk.line')}>
        {atTheLine && <PresenceCard />}
        {atTheLine && <SoftphonePanel />}
        <WaitingCard />
        {atTheLine && <MissedCard onOpen={open} />}
        {atTheLine && <RelayCard onOpen={open} />}
        {atTheLine && <DueCard onOpen={open} />}
      </aside>
      <main class="desk-case" id="main" tabIndex={-1} aria-label={t('desk.case')}>
        <h1 class="hidden">{t('nav.desk')}</h1>
        <CasePanel onPeek={setPeek} />
      </main>
      <aside class="desk-help" aria-label={t('desk.help')} tabIndex={-1}>
        <HelpPanel onPeek={setPeek} />
      </aside>
      {peek !== null && (
        <PeekDialog
          code={peek}
          onClose={() => {
            setPeek(null)
          }}
        />
      )}
    </div>
  )
}
