import type { ComponentChildren } from 'preact'
import type { Unit } from '../../agencies/contract.ts'
import type { CallView } from '../../calls/contract.ts'
import type { RecordingView } from '../../recordings/contract.ts'
import type { TicketView } from '../../tickets/contract.ts'
import type { CallTimeline } from '../../transfers/contract.ts'
import { t, tOr } from '../i18n/translate.ts'
import { RecordingLine } from '../recordings/recording-line.tsx'
import { phoneActions } from '../softphone/phone-machine.ts'
import { minute } from '../state/clock.ts'
import { isOutside } from '../state/console.ts'
import { useConsole, useLine } from '../state/console-context.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { CallPast } from '../transfers/call-past.tsx'
import { useTimelines } from '../transfers/use-timelines.ts'
import { dialable, moment } from '../ui/format.ts'
import { CallerHistory } from './caller-history.tsx'
import { LikelyCases } from './likely-cases.tsx'
import { liveHelp } from './live-help.ts'
import { suggestion } from './suggestion.ts'
import { TicketHistory } from './ticket-history.tsx'

/** The right column: whom to turn to, and what was before. Follows what is typed. */
export function HelpPanel({ onPeek }: { readonly onPeek: (code: string) => void }) {
  const desk = useConsole()
  const pop = useLine(({ callPop, call, pops }) =>
    callPop !== null && call?.id === callPop.callId && pops.length === 0 ? callPop : null,
  )
  const editor = desk.editor.value
  const ticket = editor?.ticket.value ?? null
  const units = desk.directory.value?.units ?? []
  // While nothing is chosen, the units that what is said points to.
  const hinted = liveHelp.value.units.map(({ unitId }) => unitId)
  const suggested = (suggestion.value.length > 0 ? suggestion.value : hinted)
    .map((id) => units.find((unit) => unit.id === id))
    .filter((unit) => unit !== undefined)
  if (ticket === null && pop === null && suggested.length === 0) {
    return (
      <Empty title={t('help.empty')}>
        <p>{t('help.emptyWhat')}</p>
      </Empty>
    )
  }
  return (
    <div class="help">
      {ticket !== null && editor !== null && (
        <LikelyCases key={ticket.code} ticket={ticket} editor={editor} onPeek={onPeek} />
      )}
      {suggested.length > 0 && (
        <Section title={t('help.units')} open>
          <ul class="unit-list">
            {suggested.map((unit, index) => (
              <UnitCard key={unit.id} unit={unit} ticketCode={ticket?.code ?? null} open={index === 0} />
            ))}
          </ul>
        </Section>
      )}
      {pop !== null && (
        <Section title={t('help.caller')} open>
          <CallerHistory pop={pop} onOpen={onPeek} />
        </Section>
      )}
      {ticket !== null && <TicketPast ticket={ticket} />}
    </div>
  )
}

/** Calls, recordings and history of one case; the history alone for those who have no part in calls. */
export function TicketPast({ ticket }: { readonly ticket: TicketView }) {
  const outside = isOutside(useConsole().session.value)
  return (
    <>
      {!outside && <CallsPast ticket={ticket} />}
      <Section title={t('help.history')} count={ticket.events.length} open>
        <TicketHistory code={ticket.code} events={ticket.events} messages={ticket.messages} />
      </Section>
    </>
  )
}

function CallsPast({ ticket }: { readonly ticket: TicketView }) {
  const timelines = useTimelines(ticket)
  return (
    <>
      <Section title={t('help.recordings')} count={ticket.recordings.length} open>
        {ticket.recordings.length === 0 ? (
          <p class="quiet">{t('help.noRecordings')}</p>
        ) : (
          ticket.recordings.map((recording) => <RecordingLine key={recording.id} recording={recording} />)
        )}
      </Section>
      <Section title={t('help.calls')} count={ticket.calls.length} open>
        {ticket.calls.length === 0 ? (
          <p class="quiet">{t('help.noCalls')}</p>
        ) : (
          <ul class="call-list">
            {ticket.calls.map((one) => (
              <CallLine key={one.id} call={one}>
                <PutThrough past={timelines.get(one.id)} recordings={ticket.recordings} />
              </CallLine>
            ))}
          </ul>
        )}
      </Section>
    </>
  )
}

/** Nothing for a call that never was. */
function PutThrough(props: {
  readonly past: CallTimeline | undefined
  readonly recordings: readonly RecordingView[]
}) {
  const { past, recordings } = props
  if (past === undefined) return null
  return <CallPast past={past} recordings={recordings.filter(({ callId }) => callId === past.callId)} />
}

function CallLine({ call, children }: { readonly call: CallView; readonly children: ComponentChildren }) {
  return (
    <li>
      <span>{t(`direction.${call.direction}`)}</span>
      <span>
        {call.outcome === null
          ? t(`callState.${call.state}`)
          : tOr(`outcome.${call.outcome}`, 'outcome.other')}
      </span>
      <span class="quiet">{call.operatorName}</span>
      <span class="quiet when">{moment(call.startedAt, minute.value)}</span>
      {children}
    </li>
  )
}

function UnitCard(props: {
  readonly unit: Unit
  readonly ticketCode: string | null
  /** The likeliest unit shows its numbers at once, the others on request. */
  readonly open: boolean
}) {
  const { unit, ticketCode } = props
  const desk = useConsole()
  const phone = desk.phone.value?.state.value
  const canDial = phone !== undefined && phoneActions(phone).includes('dial')
  const call = (number: string): void => {
    desk.dial(dialable(number), ticketCode)
  }
  return (
    <li>
      <details class="unit" open={props.open}>
        <summary class="unit-name">{unit.name}</summary>
        <UnitWhy unitId={unit.id} />
        {unit.dutyPhone !== null && (
          <PhoneLine
            who={t('unit.duty')}
            name={unit.name}
            number={unit.dutyPhone}
            canDial={canDial}
            onCall={call}
          />
        )}
        {unit.people.map((person) => (
          <PhoneLine
            key={person.name}
            who={person.name}
            role={t(`unit.${person.role}`)}
            name={person.name}
            number={person.phone}
            canDial={canDial}
            onCall={call}
          />
        ))}
      </details>
    </li>
  )
}

/** "Chiếu sáng ở P. Gia Viên": the rule by which the unit is suggested (R023). */
function UnitWhy({ unitId }: { readonly unitId: string }) {
  const directory = useConsole().directory.value
  const found = liveHelp.value.units.find((unit) => unit.unitId === unitId)
  if (found === undefined) return null
  const fields = directory?.categories.flatMap((category) => category.fields) ?? []
  const field = fields.find(({ id }) => id === found.fieldId)?.name ?? ''
  const area = directory?.areas.find(({ id }) => id === found.areaId)?.name ?? ''
  return (
    <p class="unit-why quiet">
      {t(`unitWhy.${found.rule}`, { field, area })}
      {found.isGuess && ` ${t('unitWhy.guess')}`}
    </p>
  )
}

function PhoneLine(props: {
  readonly who: string
  readonly role?: string
  readonly name: string
  readonly number: string
  readonly canDial: boolean
  readonly onCall: (number: string) => void
}) {
  return (
    <p class="phone-line">
      <span class="phone-who">
        {props.who}
        {props.role !== undefined && <span class="quiet"> {props.role}</span>}
      </span>
      <span class="number">{props.number}</span>
      <Button
        small
        kind="quiet"
        icon="phone"
        label={t('unit.call', { name: props.name })}
        disabled={!props.canDial}
        onClick={() => {
          props.onCall(props.number)
        }}
      />
    </p>
  )
}

function Section(props: {
  readonly title: string
  readonly children: ComponentChildren
  readonly count?: number
  readonly open?: boolean
}) {
  return (
    <details class="section" open={props.open}>
      <summary>
        <h2>{props.title}</h2>
        {props.count !== undefined && <span class="count">{props.count}</span>}
      </summary>
      <div class="section-body">{props.children}</div>
    </details>
  )
}
