import { useEffect, useState } from 'preact/hooks'
import type { TicketView } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { sayFailure } from '../state/failure-words.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { isRunning } from '../state/line.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { CaseClock } from './case-clock.tsx'
import { TicketHead } from './ticket-head.tsx'
import { TicketHistory } from './ticket-history.tsx'

/** A look at an earlier case without leaving the one on the desk. */
export function PeekDialog({ code, onClose }: { readonly code: string; readonly onClose: () => void }) {
  const desk = useConsole()
  const [ticket, setTicket] = useState<TicketView | null>(null)
  useEffect(() => {
    let wanted = true
    desk.api.ticket(code).then(
      (found) => {
        if (wanted) setTicket(found)
      },
      (cause: unknown) => {
        sayFailure(cause)
        onClose()
      },
    )
    return () => {
      wanted = false
    }
  }, [code])
  const busy = isRunning(useLine((line) => line.call))
  return (
    <Dialog title={t('peek.title', { code })} onClose={onClose} wide>
      {ticket === null ? (
        <Skeleton rows={6} label={t('loading')} />
      ) : (
        <div class="peek">
          <TicketHead ticket={ticket} />
          <CaseClock ticket={ticket} />
          <h3>{ticket.form.title === '' ? t('ticket.noTitle') : ticket.form.title}</h3>
          <p class="peek-content">
            {ticket.form.content === '' ? t('ticket.noContent') : ticket.form.content}
          </p>
          {ticket.answer !== null && (
            <p>
              <strong>{t('answer.given')}:</strong> {ticket.answer}
            </p>
          )}
          <TicketHistory code={ticket.code} events={ticket.events} messages={ticket.messages} />
          <div class="dialog-actions">
            {busy ? (
              <p class="quiet">{t('peek.busy')}</p>
            ) : (
              <Button
                kind="primary"
                onClick={() => {
                  void desk.openCase(code)
                  onClose()
                }}
              >
                {t('peek.open')}
              </Button>
            )}
          </div>
        </div>
      )}
    </Dialog>
  )
}
