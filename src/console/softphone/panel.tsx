import { useComputed } from '@preact/signals'
import { useState } from 'preact/hooks'
import type { TransferState } from '../../transfers/contract.ts'
import { type MessageKey, t, tOr } from '../i18n/translate.ts'
import { now } from '../state/clock.ts'
import type { Console } from '../state/console.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { isRunning, isTransferring } from '../state/line.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { clock, dialable } from '../ui/format.ts'
import { useSettled } from '../ui/use-list.ts'
import { type CallFace, callFace } from './call-face.ts'
import { DevicePicker } from './device-picker.tsx'
import { MaskControl } from './mask-control.tsx'
import { Keypad } from './keypad.tsx'
import { phoneActions, type PhoneLine, type PhoneState } from './phone-machine.ts'
import { ringBlocked } from './ring-tone.ts'

/** Faces of a line from which a call may be placed. */
const LINE_IS_FREE: readonly CallFace[] = ['off', 'connecting', 'idle', 'wrapUp']

/** A page that was just loaded connects in this time; saying so would only alarm. */
const CONNECTS_WITHIN_MS = 2_000

/** The softphone: what the line does now, and what may be done about it. */
export function SoftphonePanel() {
  const desk = useConsole()
  const [settings, setSettings] = useState(false)
  const face = useFace()
  const phone = desk.phone.value?.state.value
  const free = LINE_IS_FREE.includes(face)
  const devices = (
    <Button
      kind="quiet"
      small
      icon="settings"
      label={t('phone.devices')}
      expanded={settings}
      onClick={() => {
        setSettings(!settings)
      }}
    />
  )
  return (
    <section class={`card softphone face-${face}`} aria-label={t('phone.title')}>
      <div class="softphone-head">
        <span class="state-shape" aria-hidden="true" />
        <p class="softphone-word" data-testid="call-state" role="status">
          {t(`face.${face}`)}
        </p>
        <CallClock phone={phone} />
        {free && devices}
      </div>
      {!free && (
        <div class="peer">
          <Peer phone={phone} face={face} />
          {devices}
        </div>
      )}
      <Listener />
      <Problems desk={desk} phone={phone} />
      {phone !== undefined && <Controls desk={desk} phone={phone} free={free} />}
      {settings && <DevicePicker />}
    </section>
  )
}

/** The face of the line from the console's signals; whoever asks is drawn anew when it changes. */
export function useFace(): CallFace {
  const desk = useConsole()
  return useComputed(() => {
    const { call, presence, pops, transfer } = desk.line.value
    return callFace({
      phone: desk.phone.value?.state.value,
      call,
      presence,
      popRinging: pops.length > 0,
      transfer: isTransferring(transfer) ? transfer.state : null,
    })
  }).value
}

function Peer({ phone, face }: { readonly phone: PhoneState | undefined; readonly face: CallFace }) {
  const rings = useLine((line) => line.pops[0])
  const call = useLine((line) => line.call)
  const callPop = useLine((line) => line.callPop)
  const pop = face === 'ringing' ? rings : (callPop ?? undefined)
  const number = pop?.number.display ?? call?.number.display ?? phone?.peer ?? ''
  const name = pop?.caller.name ?? call?.callerName
  return (
    <div class="peer-who">
      <p class="peer-number number">{number === '' ? t('number.hidden') : number}</p>
      {name !== undefined && name !== null && <p class="peer-name">{name}</p>}
    </div>
  )
}

function CallClock({ phone }: { readonly phone: PhoneState | undefined }) {
  const call = useLine((line) => line.call)
  const since =
    phone?.talkingSince ?? (isRunning(call) && call.answeredAt !== null ? Date.parse(call.answeredAt) : null)
  if (since === null) return null
  return (
    <span class="clock" role="timer" aria-label={t('phone.talkingFor')}>
      {clock((now.value - since) / 1_000)}
    </span>
  )
}

/** A supervisor who takes part, where the city has it said. */
function Listener() {
  const listener = useLine((line) => line.listener)
  return (
    <div role="status">
      {listener !== null && (
        <p class="note">{t(`listener.${listener.mode}`, { name: listener.name ?? t('role.supervisor') })}</p>
      )}
    </div>
  )
}

/** What to say of a phone that cannot ring where it should; a refused one has words of its own. */
function deafness(line: PhoneLine | undefined, ringing: boolean, ready: boolean): MessageKey | null {
  if (line === 'ready') return null
  if (ringing) return 'phone.notRegistered'
  return ready && line !== 'refused' ? 'phone.notRegisteredReady' : null
}

function Problems({ desk, phone }: { readonly desk: Console; readonly phone: PhoneState | undefined }) {
  const isRinging = useLine((line) => line.pops.length > 0)
  const isReady = useLine((line) => line.presence?.state === 'ready')
  const deafNow = deafness(phone?.line, isRinging, isReady)
  const deafLong = useSettled(deafNow, CONNECTS_WITHIN_MS)
  const deaf = isRinging || deafLong === deafNow ? deafNow : null
  return (
    <>
      {phone?.microphone != null && (
        <div class="problem" role="alert">
          <p>
            <strong>{t(`microphone.${phone.microphone}`)}</strong>
          </p>
          <p>{t(`microphone.${phone.microphone}.remedy`)}</p>
          <Button
            small
            onClick={() => {
              void desk.phone.value?.checkMicrophone()
            }}
          >
            {t('microphone.again')}
          </Button>
        </div>
      )}
      {ringBlocked.value && (
        <p class="problem" role="alert">
          {t('ring.blocked')}
        </p>
      )}
      {deaf !== null && (
        <p class="problem" role="alert">
          {t(deaf)}
        </p>
      )}
      {phone?.line === 'refused' && (
        <p class="problem" role="alert">
          {t('phone.refused')}
        </p>
      )}
      {phone?.failure != null && (
        <p class="note note-bad" role="status">
          {tOr(`sip.${phone.failure}`, 'sip.other')}
        </p>
      )}
    </>
  )
}

function Controls({
  desk,
  phone,
  free,
}: {
  readonly desk: Console
  readonly phone: PhoneState
  readonly free: boolean
}) {
  const [keypad, setKeypad] = useState(false)
  const transfer = useLine((line) => line.transfer)
  const own = desk.phone.value
  if (own === null) return null
  const can = phoneActions(phone)
  const held = phone.call === 'held'
  // The citizen is not in this phone's hands then: whom they hear is the transfer's to say, and letting go ends nobody's call.
  const transferring = isTransferring(transfer)
  return (
    <>
      <div class="softphone-actions">
        {can.includes('answer') && (
          <Button
            kind="good"
            icon="phone"
            keys="F2"
            testId="answer"
            onClick={() => {
              void own.answer()
            }}
          >
            {t('phone.answer')}
          </Button>
        )}
        {can.includes('hold') && !transferring && (
          <Button
            icon={held ? 'play' : 'pause'}
            keys="F8"
            pressed={held}
            onClick={() => {
              desk.hold(!held)
            }}
          >
            {held ? t('phone.unhold') : t('phone.hold')}
          </Button>
        )}
        {can.includes('mute') && (
          <Button
            icon={phone.muted ? 'micOff' : 'mic'}
            keys="F9"
            pressed={phone.muted}
            onClick={() => {
              own.setMuted(!phone.muted)
            }}
          >
            {phone.muted ? t('phone.unmute') : t('phone.mute')}
          </Button>
        )}
        {can.includes('keypad') && (
          <Button
            icon="keypad"
            label={t('phone.keypad')}
            expanded={keypad}
            onClick={() => {
              setKeypad(!keypad)
            }}
          >
            {t('phone.keypadShort')}
          </Button>
        )}
        {can.includes('hangUp') && (
          <Button
            kind="bad"
            icon="hangUp"
            keys="F4"
            testId="hang-up"
            onClick={() => {
              own.hangUp()
            }}
          >
            {t(hangUpKey(phone, transferring ? transfer.state : null))}
          </Button>
        )}
      </div>
      {can.includes('mute') && <MaskControl desk={desk} />}
      {keypad && can.includes('keypad') && (
        <Keypad
          onTone={(tone) => {
            own.sendTone(tone)
          }}
        />
      )}
      <DialBox desk={desk} canDial={can.includes('dial')} isShown={free} />
    </>
  )
}

/** States in which the citizen stays with somebody, or with the system, when this phone lets go. */
const LEAVING: readonly TransferState[] = ['ringing', 'ringingAside', 'consult', 'citizenSide', 'merged']

function hangUpKey(phone: PhoneState, transfer: TransferState | null): MessageKey {
  if (phone.call === 'ringing') return 'phone.reject'
  return transfer !== null && LEAVING.includes(transfer) ? 'phone.leave' : 'phone.hangUp'
}

/** Put away during a call with what stands in it, and not made anew: for each field that is new the browser goes through the page's forms. */
function DialBox({
  desk,
  canDial,
  isShown,
}: {
  readonly desk: Console
  readonly canDial: boolean
  readonly isShown: boolean
}) {
  const [number, setNumber] = useState('')
  const digits = dialable(number)
  const dial = (): void => {
    if (!canDial || digits.length < 2) return
    desk.dial(digits, null)
    setNumber('')
  }
  return (
    <div class="dial" hidden={!isShown}>
      <Field
        label={t('phone.dialNumber')}
        hideLabel
        type="tel"
        value={number}
        onInput={setNumber}
        onEnter={dial}
        placeholder={t('phone.dialPlaceholder')}
        maxLength={32}
      />
      <Button icon="phone" label={t('phone.dial')} disabled={!canDial || digits.length < 2} onClick={dial} />
    </div>
  )
}
