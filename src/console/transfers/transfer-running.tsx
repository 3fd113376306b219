import { useState } from 'preact/hooks'
import type { Unit } from '../../agencies/contract.ts'
import type {
  TransferAttempt,
  TransferCommand,
  TransferState,
  TransferView,
} from '../../transfers/contract.ts'
import { t } from '../i18n/translate.ts'
import { now } from '../state/clock.ts'
import { useConsole } from '../state/console-context.ts'
import { errorText } from '../state/failure-words.ts'
import { Button } from '../ui/button.tsx'
import { clock } from '../ui/format.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { type Group, PARTIES, type Sound } from './parties.ts'
import { commandWord, currentAttempt, isPrimary, targetWord } from './transfer-words.ts'

/** One key for each step, the same in every state. */
const COMMANDS: readonly (readonly [TransferCommand, string, IconName])[] = [
  ['toggle', 'Alt+1', 'transfer'],
  ['merge', 'Alt+2', 'plus'],
  ['complete', 'Alt+3', 'check'],
  ['skip', 'Alt+4', 'send'],
  ['cancel', 'Alt+5', 'back'],
]

export const SOUND_ICONS: Readonly<Record<Sound, IconName>> = {
  talk: 'talk',
  music: 'music',
  ringing: 'bell',
  moving: 'clock',
}

/** A transfer under way: who hears whom, the numbers rung, and the steps that are possible. */
export function TransferRunning({
  transfer,
  units,
}: {
  readonly transfer: TransferView
  readonly units: readonly Unit[]
}) {
  return (
    <>
      <Parties transfer={transfer} />
      <Chain transfer={transfer} units={units} />
      <Steps transfer={transfer} />
    </>
  )
}

function Parties({ transfer }: { readonly transfer: TransferView }) {
  const asked = currentAttempt(transfer)?.state === 'asked'
  const soundOf = ({ members, sound }: Group): string =>
    asked && sound === 'ringing' && members.includes('agency') ? t('sound.asked') : t(`sound.${sound}`)
  return (
    <ul class="parties" aria-label={t('transfer.whoHears')}>
      {PARTIES[transfer.state].map((group) => (
        <li key={group.members.join()} class={`party-group sound-${group.sound}`}>
          <span class="party-names">{group.members.map((member) => t(`party.${member}`)).join(' + ')}</span>
          <span class="party-sound">
            <Icon name={SOUND_ICONS[group.sound]} />
            {soundOf(group)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Chain({ transfer, units }: { readonly transfer: TransferView; readonly units: readonly Unit[] }) {
  const current = currentAttempt(transfer)
  return (
    <ol class="chain" aria-label={t('transfer.chain')}>
      {transfer.attempts.map((attempt, index) => (
        <li
          key={index}
          class={`attempt attempt-${attempt.state}`}
          aria-current={attempt === current && attempt.endedAt === null ? 'step' : undefined}
        >
          <span class="attempt-who">
            {targetWord(attempt.target, attempt.number.display)}
            <UnitOf attempt={attempt} units={units} />
          </span>
          {attempt.target.label !== '' && <span class="number">{attempt.number.display}</span>}
          <span class="attempt-state">{t(`attempt.${attempt.state}`)}</span>
          <AttemptClock attempt={attempt} />
        </li>
      ))}
    </ol>
  )
}

/** The directory's label names the unit as a rule; then it is not said twice. */
function UnitOf({ attempt, units }: { readonly attempt: TransferAttempt; readonly units: readonly Unit[] }) {
  const unit = units.find(({ id }) => id === attempt.target.unitId)
  if (unit === undefined || attempt.target.label.includes(unit.name)) return null
  return <span class="quiet"> · {unit.name}</span>
}

/** How long it rings, is being asked or talks; afterwards how long it rang. */
function AttemptClock({ attempt }: { readonly attempt: TransferAttempt }) {
  const { startedAt, endedAt, answeredAt, acceptedAt } = attempt
  if (startedAt === null) return null
  const from = acceptedAt ?? (endedAt === null ? answeredAt : null) ?? startedAt
  const until = endedAt === null ? now.value : Date.parse(endedAt)
  const seconds = (until - Date.parse(from)) / 1_000
  return endedAt === null ? (
    <span class="clock" role="timer" aria-label={t('transfer.since')}>
      {clock(seconds)}
    </span>
  ) : (
    <span class="clock quiet">{clock(seconds)}</span>
  )
}

function Steps({ transfer }: { readonly transfer: TransferView }) {
  const desk = useConsole()
  const { state, actions } = transfer
  const [underWay, setUnderWay] = useState<TransferCommand | null>(null)
  // Said in the state it came to, and gone with it.
  const [failure, setFailure] = useState<{
    readonly code: string
    readonly state: TransferState | undefined
  } | null>(null)
  const ask = async (command: TransferCommand): Promise<void> => {
    setUnderWay(command)
    setFailure(null)
    const code = await desk.commandTransfer(transfer, command)
    setUnderWay(null)
    const reached = desk.line.value.transfer?.state
    setFailure(code === null ? null : { code, state: reached })
  }
  const offered = COMMANDS.filter(
    ([command]) =>
      actions.includes(command) &&
      // With the citizen gone both only end the talk with the agency: one button says that.
      !(command === 'cancel' && state === 'afterCitizen' && actions.includes('complete')),
  )
  return (
    <>
      {offered.length > 0 && (
        <div class="transfer-steps">
          {offered.map(([command, keys, icon]) => (
            <Button
              key={command}
              kind={isPrimary(command, state) ? 'primary' : 'plain'}
              icon={icon}
              keys={keys}
              busy={underWay === command}
              disabled={underWay !== null && underWay !== command}
              testId={`transfer-${command}`}
              onClick={() => {
                void ask(command)
              }}
            >
              {commandWord(command, state)}
            </Button>
          ))}
        </div>
      )}
      {failure !== null && failure.state === state && (
        <p class="problem" role="alert">
          {errorText(failure.code)}
        </p>
      )}
    </>
  )
}
