import { randomUUID } from 'node:crypto'
import { AppError } from '../platform/errors.ts'
import { type AmiLines, type AmiMessage, connectAmi } from './ami-lines.ts'
import { type Check, failed, ok, opened, type Outcome, type Patient } from './doctor-check.ts'
import { isNewEnough, missingRights } from './doctor-policy.ts'

const HEAR_WITHIN_MS = 2_000
const LIST_WITHIN_MS = 10_000
/** Clocks further apart than this put calls and tickets in the wrong order. */
const CLOCK_SLACK_SECONDS = 5
/** No PBX has it: a call to it fails at once, and says so in an event. */
const NOWHERE = 'Local/0@tongdai-doctor/n'

/** Checks of the AMI line. */
export const AMI_CHECKS = {
  amiConnect: { id: 'amiConnect', needs: ['config'], run: connect },
  amiLogin: { id: 'amiLogin', needs: ['amiConnect'], run: login },
  amiRights: { id: 'amiRights', needs: ['amiLogin'], run: checkRights },
  amiEvents: { id: 'amiEvents', needs: ['amiRights'], run: checkEvents },
  amiTimestamps: { id: 'amiTimestamps', needs: ['amiEvents'], run: checkTimestamps },
  pbxVersion: { id: 'pbxVersion', needs: ['amiRights'], run: checkVersion },
  systemName: { id: 'systemName', needs: ['amiRights'], run: checkSystemName },
} as const satisfies Readonly<Record<string, Check>>

/** Items of a list action; throws AMI_ERROR as `send` does. */
export async function listOf(
  ami: AmiLines,
  action: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<AmiMessage[]> {
  const seen: AmiMessage[] = []
  const off = ami.onEvent((event) => {
    seen.push(event)
  })
  try {
    const { ActionID: id } = await ami.send(action, headers)
    const isLast = (event: AmiMessage) => event['ActionID'] === id && event['EventList'] === 'Complete'
    if (!seen.some(isLast)) await ami.waitFor(isLast, LIST_WITHIN_MS)
    return seen.filter((event) => event['ActionID'] === id && !isLast(event))
  } finally {
    off()
  }
}

/** The value of a global variable, or of a function without a channel. */
export async function valueOf(ami: AmiLines, variable: string): Promise<string> {
  return (await ami.send('Getvar', { Variable: variable }))['Value'] ?? ''
}

/** True when the PBX refused it; anything else that goes wrong is thrown. */
export async function isRefused(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return false
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'AMI_ERROR') return true
    throw cause
  }
}

async function connect(patient: Patient): Promise<Outcome> {
  const { ami } = opened(patient.config)
  const values = { host: ami.host, port: ami.port, user: ami.user }
  try {
    patient.ami = await connectAmi(ami)
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code === 'AMI_UNREACHABLE')
      return failed('amiUnreachable', values)
    const { cause: reason } = cause
    if (!(reason instanceof AppError) || reason.code !== 'AMI_ERROR') return failed('amiNotAmi', values)
  }
  return ok(`${ami.host}:${String(ami.port)}`)
}

async function login({ ami, config }: Patient): Promise<Outcome> {
  const { user } = opened(config).ami
  return ami === undefined ? failed('amiRefused', { user }) : ok(user)
}

async function checkRights({ ami, config }: Patient): Promise<Outcome> {
  const actions = new Set(Object.keys(await opened(ami).send('ListCommands')))
  const rights = missingRights(actions)
  const { user } = opened(config).ami
  return rights.length === 0 ? ok() : failed('amiRights', { rights: rights.join(', '), user })
}

/** Rights to read show only in what is heard, so each is provoked: an event of our own, a call to nowhere, a paused member. */
async function checkEvents(patient: Patient): Promise<Outcome> {
  const ami = opened(patient.ami)
  const deaf: string[] = []
  const hears = async (
    right: string,
    fits: (event: AmiMessage) => boolean,
    provoke: () => Promise<unknown>,
  ) => {
    const heard = ami.waitFor(fits, HEAR_WITHIN_MS).then(
      () => true,
      () => false,
    )
    await provoke()
    if (!(await heard)) deaf.push(right)
  }
  await hears(
    'user',
    (event) => event['UserEvent'] === 'Doctor',
    () => ami.send('UserEvent', { UserEvent: 'Doctor' }),
  )
  await hears(
    'call',
    (event) => event['Event'] === 'OriginateResponse' && event['Channel'] === NOWHERE,
    () => ami.send('Originate', { Channel: NOWHERE, Application: 'Wait', Data: '0', Async: 'true' }),
  )
  const member = { Queue: 'hotline-training', Interface: `Local/${randomUUID()}@tongdai-doctor` }
  if ((await valueOf(ami, 'QUEUE_EXISTS(hotline-training)')) === '1') {
    await hears(
      'agent',
      (event) => event['Event'] === 'QueueMemberAdded' && event['Interface'] === member.Interface,
      async () => {
        await ami.send('QueueAdd', { ...member, Paused: 'true' })
        await ami.send('QueueRemove', member)
      },
    )
  }
  const { user } = opened(patient.config).ami
  return deaf.length === 0 ? ok() : failed('amiEvents', { rights: deaf.join(', '), user })
}

async function checkTimestamps({ ami }: Patient): Promise<Outcome> {
  const heard = opened(ami).waitFor((event) => event['UserEvent'] === 'Doctor', HEAR_WITHIN_MS)
  const [event] = await Promise.all([heard, opened(ami).send('UserEvent', { UserEvent: 'Doctor' })])
  const seconds = Number(event['Timestamp'])
  if (!(seconds > 0)) return failed('amiNoTimestamps')
  const apart = Math.round(Math.abs(Date.now() / 1000 - seconds))
  return apart > CLOCK_SLACK_SECONDS ? failed('clocksApart', { seconds: apart }) : ok()
}

async function checkVersion({ ami }: Patient): Promise<Outcome> {
  const version = (await opened(ami).send('CoreSettings'))['AsteriskVersion'] ?? ''
  return isNewEnough(version) ? ok(version) : failed('pbxTooOld', { version })
}

async function checkSystemName({ ami }: Patient): Promise<Outcome> {
  const name = (await opened(ami).send('CoreSettings'))['SystemName'] ?? ''
  return name === '' ? failed('noSystemName') : ok(name)
}
