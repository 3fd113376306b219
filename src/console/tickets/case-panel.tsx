import { useComputed } from '@preact/signals'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Channel } from '../../tickets/contract.ts'
import { t } from '../i18n/translate.ts'
import { useFace } from '../softphone/panel.tsx'
import { sayFailure } from '../state/failure-words.ts'
import { takesCalls } from '../state/console.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { isRunning, isTransferring, type PopEnd } from '../state/line.ts'
import { isTyping } from '../state/shortcuts.ts'
import { TransferPanel } from '../transfers/transfer-panel.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Select } from '../ui/field.tsx'
import { Link } from '../ui/link.tsx'
import { CallerHeader } from './caller-header.tsx'
import { CaseForm } from './case-form.tsx'
import { PopView } from './pop-view.tsx'

const DOORS = ['counter', 'email', 'web', 'facebook', 'phone'] as const satisfies readonly Channel[]

const ADMIN_PAGES = [
  ['/people', 'nav.people'],
  ['/tickets', 'nav.tickets'],
  ['/calls', 'nav.calls'],
] as const

/** The middle of the desk: the ringing citizen, then the case; one place for the eyes. */
export function CasePanel({ onPeek }: { readonly onPeek: (code: string) => void }) {
  const desk = useConsole()
  const pop = useComputed(() => desk.popAhead.value ?? desk.line.value.pops[0]).value
  const hasForm = useComputed(() => desk.editor.value !== null).value
  const docked = useDocked(pop?.callId, hasForm)
  // The same element for as long as it may stay as it is: who rings is drawn without it.
  const rest = useMemo(() => <CaseOnDesk docked={docked} />, [docked])
  return (
    <div class="case">
      {pop !== undefined && !docked && <PopView pop={pop} docked={false} onOpen={onPeek} />}
      {rest}
      {pop !== undefined && docked && <PopView pop={pop} docked onOpen={onPeek} />}
    </div>
  )
}

/** All but the ringing citizen. */
function CaseOnDesk({ docked }: { readonly docked: boolean }) {
  const desk = useConsole()
  const isRinging = useLine((line) => line.pops.length > 0)
  const call = useLine((line) => line.call)
  const callPop = useLine((line) => line.callPop)
  const popEnd = useLine((line) => line.popEnd)
  const transfer = useLine((line) => line.transfer)
  const face = useFace()
  const editor = desk.editor.value
  const showPop = isRinging && !docked
  const header = callPop !== null && call?.id === callPop.callId && editor !== null ? callPop : null

  return (
    <>
      {popEnd !== null && !isRinging && <PopEnded end={popEnd} onClose={desk.dismissPopEnd} />}
      {!showPop && editor !== null && (
        <>
          {header !== null && (
            <div class={`pop pop-answered face-${face}`}>
              <CallerHeader pop={header}>
                <p class="pop-word">
                  <span class="state-shape" aria-hidden="true" />
                  {t(`face.${face}`)}
                </p>
              </CallerHeader>
            </div>
          )}
          <TransferPanel />
          <CaseForm
            editor={editor}
            takeFocus={isRunning(call)}
            onClose={isRunning(call) ? undefined : desk.closeCase}
          />
        </>
      )}
      {(showPop || editor === null) && isTransferring(transfer) && <TransferPanel />}
      {editor === null && (
        // Put away while it rings, and not made anew after each call.
        <div hidden={showPop}>{takesCalls(desk.session.value) ? <NoCase /> : <NoDesk />}</div>
      )}
    </>
  )
}

/** Decided once, when the pop comes: it never moves the form under a writing hand. */
function useDocked(callId: string | undefined, hasForm: boolean): boolean {
  const decided = useRef<{ callId: string | undefined; docked: boolean }>({
    callId: undefined,
    docked: false,
  })
  if (decided.current.callId !== callId) {
    const typing =
      hasForm && isTyping(document.activeElement) && document.activeElement?.closest('.ticket') !== null
    decided.current = { callId, docked: callId !== undefined && typing }
  }
  return decided.current.docked
}

function PopEnded({ end, onClose }: { readonly end: PopEnd; readonly onClose: () => void }) {
  useEffect(() => {
    const timer = setTimeout(onClose, 8_000)
    return () => {
      clearTimeout(timer)
    }
  }, [end])
  const who = end.pop.number.display === '' ? t('number.hidden') : end.pop.number.display
  return (
    <div class="pop-ended" role="status">
      <p>{t(`popEnd.${end.reason}`, { who, operator: end.operatorName ?? t('popEnd.somebody') })}</p>
      <Button kind="quiet" small icon="close" label={t('action.close')} onClick={onClose} />
    </div>
  )
}

/** For a role that takes no calls: where its work is. */
function NoDesk() {
  return (
    <Empty title={t('desk.idleAdmin')}>
      <p>{t('desk.idleAdminWhat')}</p>
      <ul class="empty-links">
        {ADMIN_PAGES.map(([path, label]) => (
          <li key={path}>
            <Link to={path}>{t(label)}</Link>
          </li>
        ))}
      </ul>
    </Empty>
  )
}

function NoCase() {
  const desk = useConsole()
  const [channel, setChannel] = useState<Channel>('counter')
  // A second click while the first is on its way would leave an empty case behind; it may come before the page is drawn anew.
  const asked = useRef(false)
  const [opening, setOpening] = useState(false)
  const open = async (): Promise<void> => {
    if (asked.current) return
    asked.current = true
    setOpening(true)
    try {
      desk.showCase(await desk.api.openTicket(channel))
    } catch (cause) {
      sayFailure(cause)
    } finally {
      asked.current = false
      setOpening(false)
    }
  }
  const ready = useLine((line) => line.presence?.state === 'ready')
  return (
    <Empty title={ready ? t('desk.idleReady') : t('desk.idle')}>
      <p>{ready ? t('desk.idleReadyWhat') : t('desk.idleWhat')}</p>
      <div class="new-case">
        <Select
          label={t('desk.newFrom')}
          value={channel}
          options={DOORS.map((door) => ({ value: door, label: t(`channel.${door}`) }))}
          onChange={setChannel}
        />
        <Button
          icon="plus"
          busy={opening}
          keys="Alt+N"
          onClick={() => {
            void open()
          }}
        >
          {t('desk.newCase')}
        </Button>
      </div>
    </Empty>
  )
}
