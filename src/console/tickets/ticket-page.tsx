import { useEffect, useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { isOutside } from '../state/console.ts'
import { useConsole } from '../state/console-context.ts'
import { errorText } from '../state/failure-words.ts'
import { isRunning } from '../state/line.ts'
import { navigate } from '../state/route.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Icon } from '../ui/icon.tsx'
import { Link } from '../ui/link.tsx'
import { TicketPast } from './help-panel.tsx'
import { CaseForm } from './case-form.tsx'
import { CaseSheet } from './case-sheet.tsx'

/** One case at its own address: the form of the desk, a sheet to read for everybody else; its past beside it. */
export function TicketPage({ code }: { readonly code: string }) {
  const desk = useConsole()
  const [failure, setFailure] = useState<string | null>(null)
  const busy = isRunning(desk.line.value.call) && desk.editor.value?.ticket.value?.code !== code
  useEffect(() => {
    // During a call the case on the desk is the caller's; nothing may take its place.
    if (!busy) void desk.openCase(code).then(setFailure)
  }, [code, busy])
  const editor = desk.editor.value
  const ticket = editor?.ticket.value ?? null
  const outside = isOutside(desk.session.value)
  return (
    <main class="page page-ticket" id="main" tabIndex={-1}>
      <p class="crumb">
        <Link to="/tickets">
          <Icon name="back" />
          {t('tickets.title')}
        </Link>
      </p>
      {busy ? (
        <p class="problem" role="alert">
          {t('peek.busy')}
        </p>
      ) : failure !== null && ticket?.code !== code ? (
        <NotOpened code={code} failure={failure} />
      ) : editor === null || ticket?.code !== code ? (
        <Skeleton rows={10} label={t('loading')} />
      ) : (
        <div class="ticket-columns">
          {outside ? (
            <CaseSheet ticket={ticket} editor={editor} />
          ) : (
            <CaseForm editor={editor} takeFocus={false} />
          )}
          {ticket.sight !== 'mask' && (
            <aside class="ticket-aside" aria-label={t('help.history')}>
              <TicketPast ticket={ticket} />
            </aside>
          )}
        </div>
      )}
    </main>
  )
}

/** It cannot be had, and why: most often no such case, or one of another unit, which is said in the very same words. */
function NotOpened({ code, failure }: { readonly code: string; readonly failure: string }) {
  return (
    <div role="alert">
      <Empty title={t('ticket.notOpened', { code })}>
        <p>{failure === 'TICKET_NOT_FOUND' ? t('ticket.notOpenedWhat') : errorText(failure)}</p>
        <Button
          onClick={() => {
            navigate('/tickets')
          }}
        >
          {t('ticket.backToList')}
        </Button>
      </Empty>
    </div>
  )
}
