import { type ReadonlySignal, useComputed } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { MissedCall } from '../../calls/contract.ts'
import { CallerNumber } from '../calls/caller-number.tsx'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { sayFailure } from '../state/failure-words.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { phoneActions } from '../softphone/phone-machine.ts'
import { Button } from '../ui/button.tsx'
import { moment } from '../ui/format.ts'

/** Calls nobody answered, to be rung back (R020). */
export function MissedCard({ onOpen }: { readonly onOpen: (code: string) => void }) {
  const desk = useConsole()
  const missed = useLine((line) => line.missed)
  const total = useLine((line) => line.missedTotal)
  // As a signal down to the button: the phone rings and falls silent, and no row is gone through for it.
  const cannotDial = useComputed(() => {
    const phone = desk.phone.value?.state.value
    return phone === undefined || !phoneActions(phone).includes('dial')
  })
  const card = useRef<HTMLElement>(null)
  /** The row that was ticked off here, and where it stood, until it is gone. */
  const ticked = useRef<{ readonly callId: string; readonly index: number } | null>(null)
  useLayoutEffect(() => {
    const gone = ticked.current
    if (gone === null || missed.some(({ callId }) => callId === gone.callId)) return
    ticked.current = null
    // Only a keyboard that lost its place with the row (WCAG 2.4.3); whoever has gone on is left alone.
    if (document.activeElement !== document.body) return
    const buttons = card.current?.querySelectorAll<HTMLElement>('.missed-do button:last-child')
    const next = buttons?.[Math.min(gone.index, buttons.length - 1)]
    const place = next ?? card.current?.querySelector('h2')
    place?.focus()
  }, [missed])
  return (
    <section class="card missed" aria-label={t('missed.title')} ref={card}>
      <h2 tabIndex={-1}>
        {t('missed.title')}
        <span class={total > 0 ? 'count count-on' : 'count'}>{total}</span>
      </h2>
      {missed.length === 0 ? (
        <p class="quiet">{t('missed.none')}</p>
      ) : (
        <ul class="missed-list">
          {missed.map((call, index) => (
            <MissedRow
              key={call.callId}
              call={call}
              cannotDial={cannotDial}
              onOpen={onOpen}
              onTick={(isTicked) => {
                ticked.current = isTicked ? { callId: call.callId, index } : null
              }}
            />
          ))}
        </ul>
      )}
      {total > missed.length && <p class="quiet">{t('missed.more', { count: total - missed.length })}</p>}
    </section>
  )
}

function MissedRow(props: {
  readonly call: MissedCall
  readonly cannotDial: ReadonlySignal<boolean>
  readonly onOpen: (code: string) => void
  /** That it is done is being said; false when it could not be. */
  readonly onTick: (isTicked: boolean) => void
}) {
  const { call, cannotDial } = props
  const desk = useConsole()
  const { e164, display, isMasked } = call.number
  const noNumber = t(call.confidential ? 'missed.confidential' : 'number.hidden')
  const who = call.callerName ?? (display === '' ? noNumber : display)
  const done = async (): Promise<void> => {
    props.onTick(true)
    try {
      await desk.api.missedDone(call.callId)
    } catch (cause) {
      props.onTick(false)
      sayFailure(cause)
    }
  }
  const callBack = async (): Promise<void> => {
    try {
      // Whoever rings back has to have the number: that they got it is written down as when it is shown.
      const number = isMasked === true ? (await desk.api.wholeNumber(call.callId)).reach.e164 : e164
      desk.dial(number ?? '', call.ticketCode)
    } catch (cause) {
      sayFailure(cause)
    }
  }
  return (
    <li class="missed-row">
      <div class="missed-who">
        <p class="name">
          {call.ticketCode === null ? (
            who
          ) : (
            <button
              type="button"
              class="text-button"
              aria-label={t('missed.open', { who })}
              onClick={() => {
                props.onOpen(call.ticketCode ?? '')
              }}
            >
              {who}
            </button>
          )}
          {call.times > 1 && <span class="tag">{t('missed.times', { times: call.times })}</span>}
        </p>
        {(isMasked === true || (call.callerName !== null && display !== '')) && (
          <p>
            <CallerNumber
              callId={call.callId}
              display={display}
              isMasked={isMasked}
              of="reach"
              isNamed={call.callerName === null}
            />
          </p>
        )}
        <p class="quiet">
          {t(`missed.${call.reason}`)} · {moment(call.at, minute.value)}
        </p>
      </div>
      <div class="missed-do">
        {(e164 !== null || isMasked === true) && (
          <Button
            small
            icon="phone"
            label={t('missed.callBack', { who })}
            disabled={cannotDial}
            onClick={() => {
              void callBack()
            }}
          />
        )}
        <Button
          small
          kind="quiet"
          icon="check"
          label={t('missed.done', { who })}
          onClick={() => {
            void done()
          }}
        />
      </div>
    </li>
  )
}
