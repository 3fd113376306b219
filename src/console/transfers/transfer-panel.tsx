import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { isTransferring } from '../state/line.ts'
import { Button } from '../ui/button.tsx'
import { TargetPicker } from './target-picker.tsx'
import { TransferRunning } from './transfer-running.tsx'
import { sentenceOf } from './transfer-words.ts'

/** Putting a citizen through: the button, the choice of numbers, the transfer under way, and how it ended. */
export function TransferPanel() {
  const desk = useConsole()
  const transfer = useLine((line) => line.transfer)
  const behind = useLine((line) => line.behind)
  const call = useLine((line) => line.call)
  const talk = call !== null && (call.state === 'talking' || call.state === 'held') ? call : null
  const running = isTransferring(transfer)
  const offered = running ? null : talk
  const { panel, picking, open, close } = usePicking(offered?.id ?? null)
  if (talk === null && transfer === null && behind.length === 0) return null
  const units = desk.directory.value?.units ?? []
  return (
    <section
      ref={panel}
      class={running || picking ? 'transfer transfer-open' : 'transfer'}
      aria-label={t('transfer.title')}
      tabIndex={-1}
    >
      {/* Citizens put through blind before this call: whether they were taken is this operator's business still. */}
      <ul class="transfer-behind" aria-live="polite" hidden={behind.length === 0}>
        {behind.map((one) => (
          <li key={one.id} class="transfer-head">
            <p class="transfer-word">
              <span class="transfer-before">
                {one.ticketCode === null
                  ? t('transfer.before')
                  : t('transfer.beforeCode', { code: one.ticketCode })}
              </span>{' '}
              {sentenceOf(one, units)}
            </p>
            {!isTransferring(one) && <Dismiss id={one.id} />}
          </li>
        ))}
      </ul>
      <div class="transfer-head">
        {/* Always there, so that readers hear each change, the first one too. */}
        <p class="transfer-word" role="status">
          {transfer === null ? '' : sentenceOf(transfer, units)}
        </p>
        {transfer !== null && !running && <Dismiss id={transfer.id} />}
        {offered !== null && !picking && (
          <Button icon="transfer" keys="F7" testId="transfer" onClick={open}>
            {t('transfer.open')}
          </Button>
        )}
      </div>
      {running && <TransferRunning transfer={transfer} units={units} />}
      {offered !== null && picking && (
        <TargetPicker
          callId={offered.id}
          ticketCode={offered.ticketCode ?? desk.editor.value?.ticket.value?.code ?? null}
          onClose={close}
        />
      )}
    </section>
  )
}

function Dismiss({ id }: { readonly id: string }) {
  const desk = useConsole()
  return (
    <Button
      kind="quiet"
      small
      icon="close"
      label={t('action.close')}
      onClick={() => {
        desk.dismissTransfer(id)
      }}
    />
  )
}

/** The choice belongs to one call: the next one never finds it open. Closed, the cursor is where it was before. */
function usePicking(callId: string | null) {
  const [pickingFor, setPickingFor] = useState<string | null>(null)
  const before = useRef<HTMLElement | null>(null)
  const panel = useRef<HTMLElement>(null)
  const picking = callId !== null && pickingFor === callId
  const wasPicking = useRef(false)
  useLayoutEffect(() => {
    const closed = wasPicking.current && !picking
    wasPicking.current = picking
    if (!closed) return
    if (pickingFor !== null) setPickingFor(null)
    // Whoever has gone on writing elsewhere keeps the cursor there.
    const focused = document.activeElement
    if (focused !== null && focused !== document.body && panel.current?.contains(focused) === false) return
    if (before.current?.isConnected === true) before.current.focus()
    else panel.current?.querySelector<HTMLElement>('[aria-keyshortcuts="F7"]')?.focus()
    if (document.activeElement === document.body) panel.current?.focus()
  }, [picking])
  return {
    panel,
    picking,
    open: (): void => {
      before.current = document.activeElement instanceof HTMLElement ? document.activeElement : null
      setPickingFor(callId)
    },
    close: (): void => {
      setPickingFor(null)
    },
  }
}
