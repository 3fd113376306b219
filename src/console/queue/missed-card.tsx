import type { MissedCall } from '../../calls/contract.ts'
import { t } from '../i18n/translate.ts'
import { minute } from '../state/clock.ts'
import { sayFailure } from '../state/failure-words.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { phoneActions } from '../softphone/phone-machine.ts'
import { Button } from '../ui/button.tsx'
import { moment } from '../ui/format.ts'

const SHOWN = 8

/** Calls nobody answered, to be rung back (R020). */
export function MissedCard({ onOpen }: { readonly onOpen: (code: string) => void }) {
  const desk = useConsole()
  const missed = useLine((line) => line.missed)
  const phone = desk.phone.value?.state.value
  const canDial = phone !== undefined && phoneActions(phone).includes('dial')
  return (
    <section class="card missed" aria-label={t('missed.title')}>
      <h2>
        {t('missed.title')}
        <span class={missed.length > 0 ? 'count count-on' : 'count'}>{missed.length}</span>
      </h2>
      {missed.length === 0 ? (
        <p class="quiet">{t('missed.none')}</p>
      ) : (
        <ul class="missed-list">
          {missed.slice(0, SHOWN).map((call) => (
            <MissedRow key={call.callId} call={call} canDial={canDial} onOpen={onOpen} />
          ))}
        </ul>
      )}
      {missed.length > SHOWN && <p class="quiet">{t('missed.more', { count: missed.length - SHOWN })}</p>}
    </section>
  )
}

function MissedRow(props: {
  readonly call: MissedCall
  readonly canDial: boolean
  readonly onOpen: (code: string) => void
}) {
  const { call, canDial } = props
  const desk = useConsole()
  const number = call.number.e164
  const noNumber = t(call.confidential ? 'missed.confidential' : 'number.hidden')
  const who = call.callerName ?? (call.number.display === '' ? noNumber : call.number.display)
  const done = async (): Promise<void> => {
    try {
      await desk.api.missedDone(call.callId)
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
        {call.callerName !== null && <p class="number">{call.number.display}</p>}
        <p class="quiet">
          {t(`missed.${call.reason}`)} · {moment(call.at, minute.value)}
        </p>
      </div>
      <div class="missed-do">
        {number !== null && (
          <Button
            small
            icon="phone"
            label={t('missed.callBack', { who })}
            disabled={!canDial}
            onClick={() => {
              desk.dial(number, call.ticketCode)
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
