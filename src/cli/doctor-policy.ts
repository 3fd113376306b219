import type { ProblemId } from './doctor-texts.ts'

/** Below it, a day's recordings may not fit. */
export const LEAST_FREE_BYTES = 1024 ** 3

/** First Asterisk whose recording, AMI filters and ARI behave as the hotline needs. */
export const LEAST_VERSION = { major: 22, minor: 5 } as const

/** AMI actions the service or this command uses, one for each right that must be granted to write. */
const ACTION_OF_RIGHT: Readonly<Record<string, string>> = {
  system: 'DBDel',
  call: 'Redirect',
  agent: 'QueueAdd',
  user: 'UserEvent',
  reporting: 'CoreShowChannels',
  originate: 'Originate',
}

/** Rights the AMI user lacks, told by the actions it may use (AMI ListCommands). */
export function missingRights(actions: ReadonlySet<string>): string[] {
  return Object.entries(ACTION_OF_RIGHT).flatMap(([right, action]) => (actions.has(action) ? [] : [right]))
}

/** Whether `22.10.1+dfsg-1`, `certified-22.8-cert1` and the like are new enough; false for what is no version at all. */
export function isNewEnough(version: string): boolean {
  const [, major = '', minor = ''] = /(\d+)\.(\d+)/.exec(version) ?? []
  if (major === '') return false
  return (
    Number(major) > LEAST_VERSION.major ||
    (Number(major) === LEAST_VERSION.major && Number(minor) >= LEAST_VERSION.minor)
  )
}

/** What is wrong with the address people and the SMS carrier reach the service at; null when nothing is. */
export function publicUrlProblem(url: string, hasCarrier: boolean): ProblemId | null {
  const { protocol, hostname } = new URL(url)
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
  // Browsers give the microphone to https and to localhost only (W3C Secure Contexts).
  if (protocol !== 'https:' && !isLocal) return 'publicUrlNotSecure'
  if (!hasCarrier) return null
  const isPrivate = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cd])/.test(hostname)
  return isLocal || isPrivate || !hostname.includes('.') ? 'publicUrlNotPublic' : null
}

/** A trunk as PJSIPShowEndpoint and PJSIPShowRegistrationsOutbound tell it: each item one object. */
export type PjsipItem = Readonly<Record<string, string>>

/** What is wrong with the trunk; null when it may take and place calls as far as the PBX knows. */
export function trunkProblem(
  endpoint: readonly PjsipItem[],
  registrations: readonly PjsipItem[],
): { readonly problem: ProblemId; readonly values: Readonly<Record<string, string>> } | null {
  const detail = endpoint.find((item) => item['Event'] === 'EndpointDetail')
  const context = detail?.['Context'] ?? ''
  if (context !== 'from-trunk') return { problem: 'trunkContext', values: { context } }
  const auth = detail?.['OutboundAuth'] ?? ''
  const registration = registrations.find(
    (item) =>
      item['Event'] === 'OutboundRegistrationDetail' &&
      (item['Endpoint'] === 'trunk' || (auth !== '' && item['OutboundAuth'] === auth)),
  )
  const status = registration?.['Status'] ?? 'Registered'
  if (status !== 'Registered') return { problem: 'trunkNotRegistered', values: { status } }
  const contacts = endpoint.filter((item) => item['Event'] === 'ContactStatusDetail')
  if (contacts.length === 0) return { problem: 'trunkNoContact', values: {} }
  return contacts.every((item) => item['Status'] === 'Unreachable')
    ? { problem: 'trunkUnreachable', values: {} }
    : null
}
