import { useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { MissedCard } from '../queue/missed-card.tsx'
import { PresenceCard } from '../queue/presence-card.tsx'
import { WaitingCard } from '../queue/waiting-card.tsx'
import { SoftphonePanel } from '../softphone/panel.tsx'
import { CasePanel } from './case-panel.tsx'
import { HelpPanel } from './help-panel.tsx'
import { PeekDialog } from './peek-dialog.tsx'

/** The operator's one screen: the line, the case, the help. */
export function DeskPage() {
  const [peek, setPeek] = useState<string | null>(null)
  return (
    <div class="desk">
      <aside class="desk-line" aria-label={t('desk.line')}>
        <PresenceCard />
        <SoftphonePanel />
        <WaitingCard />
        <MissedCard />
      </aside>
      <main class="desk-case" id="main" tabIndex={-1} aria-label={t('desk.case')}>
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
