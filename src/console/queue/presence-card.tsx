import { useState } from 'preact/hooks'
import type { PauseReason, PresenceView } from '../../presence/contract.ts'
import { t } from '../i18n/translate.ts'
import { askForNotifications } from '../state/announce.ts'
import { now } from '../state/clock.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Select } from '../ui/field.tsx'
import { clock, secondsSince } from '../ui/format.ts'

export const PAUSE_REASONS = [
  'break',
  'meal',
  'meeting',
  'training',
  'paperwork',
  'technical',
] as const satisfies readonly PauseReason[]

/** Ready, paused, after-call work: one word, one clock, one next step. */
export function PresenceCard() {
  const desk = useConsole()
  const [asking, setAsking] = useState(false)
  const presence = useLine((line) => line.presence)
  const goReady = (): void => {
    void askForNotifications()
    void desk.phone.value?.checkMicrophone()
    void desk.setPresence({ state: 'ready' })
  }
  const pause = (reason: PauseReason): void => {
    void desk.setPresence({ state: 'paused', reason })
  }

  return (
    <section
      class={`card presence presence-${presence?.state ?? 'offline'}`}
      aria-label={t('presence.title')}
    >
      <div class="presence-head">
        <span class="state-shape" aria-hidden="true" />
        <p class="presence-word" data-testid="presence-state" role="status">
          {presence === null ? t('presence.unknown') : presenceWord(presence)}
        </p>
        <PresenceClock presence={presence} />
      </div>
      {presence !== null && (
        <>
          {presence.state === 'wrapUp' && <WrapUpBar presence={presence} />}
          {presence.state === 'onCall' && presence.next === 'paused' && (
            <p class="note">{t('presence.pauseAfter')}</p>
          )}
          <div class="presence-actions">
            {presence.state !== 'ready' && presence.state !== 'onCall' && (
              <Button kind="good" keys="Alt+R" onClick={goReady}>
                {presence.state === 'wrapUp' ? t('presence.doneEarly') : t('presence.goReady')}
              </Button>
            )}
            {presence.state === 'onCall' && presence.next === 'paused' && (
              <Button small onClick={goReady}>
                {t('presence.cancelPause')}
              </Button>
            )}
            {presence.state === 'wrapUp' && !presence.wrapUpExtended && (
              <Button
                small
                keys="Alt+E"
                onClick={() => {
                  setAsking(true)
                }}
              >
                {t('presence.extend')}
              </Button>
            )}
            <PauseMenu presence={presence} onPause={pause} />
          </div>
        </>
      )}
      {asking && (
        <ExtendDialog
          onClose={() => {
            setAsking(false)
          }}
          onExtend={async (reason) => {
            if (await desk.extendWrapUp(reason)) setAsking(false)
          }}
        />
      )}
    </section>
  )
}

export function presenceWord(presence: PresenceView): string {
  if (presence.state === 'paused' && presence.reason !== null) {
    return t('presence.pausedFor', { reason: t(`pause.${presence.reason}`) })
  }
  return t(`presence.${presence.state}`)
}

function PresenceClock({ presence }: { readonly presence: PresenceView | null }) {
  if (presence === null || presence.state === 'offline') return null
  const counting = presence.state === 'wrapUp' && presence.wrapUpEndsAt !== null
  const seconds = counting
    ? (Date.parse(presence.wrapUpEndsAt ?? '') - now.value) / 1_000
    : secondsSince(presence.since, now.value)
  return (
    <span
      class={counting && seconds < 15 ? 'clock clock-soon' : 'clock'}
      role="timer"
      aria-label={counting ? t('presence.left') : t('presence.for')}
    >
      {clock(counting ? Math.ceil(seconds) : seconds)}
    </span>
  )
}

function WrapUpBar({ presence }: { readonly presence: PresenceView }) {
  const total = Date.parse(presence.wrapUpEndsAt ?? '') - Date.parse(presence.since)
  const left = Date.parse(presence.wrapUpEndsAt ?? '') - now.value
  return (
    <progress
      class="wrap-up"
      max={Math.max(1, total)}
      value={Math.max(0, left)}
      aria-label={t('presence.left')}
    />
  )
}

function PauseMenu(props: {
  readonly presence: PresenceView
  readonly onPause: (reason: PauseReason) => void
}) {
  const { presence, onPause } = props
  return (
    <Select
      label={t('presence.pauseWith')}
      hideLabel
      value=""
      options={[
        {
          value: '',
          label: presence.state === 'onCall' ? t('presence.pauseAfterCall') : t('presence.pause'),
        },
        ...PAUSE_REASONS.map((reason) => ({ value: reason, label: t(`pause.${reason}`) })),
      ]}
      onChange={(reason) => {
        if (reason !== '') onPause(reason)
      }}
    />
  )
}

function ExtendDialog(props: {
  readonly onClose: () => void
  readonly onExtend: (reason: string) => Promise<void>
}) {
  const [reason, setReason] = useState('')
  const tooShort = reason.trim().length < 3
  const submit = (): void => {
    if (!tooShort) void props.onExtend(reason.trim())
  }
  return (
    <Dialog title={t('presence.extend')} onClose={props.onClose}>
      <Field
        label={t('presence.extendReason')}
        value={reason}
        onInput={setReason}
        onEnter={submit}
        hint={t('presence.extendHint')}
        maxLength={200}
        autoFocus
      />
      <div class="dialog-actions">
        <Button kind="primary" disabled={tooShort} onClick={submit}>
          {t('presence.extendDo')}
        </Button>
      </div>
    </Dialog>
  )
}
