import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, type Page } from 'playwright-core'
import { type PbxAccess } from '../../src/cli/pbx.ts'
import { type TestPbx } from '../support/pbx.ts'
import { type Credentials, signInFirstTime } from './desk-people.ts'
import { addProbe } from './paint-probe.ts'
import { type ServiceProcess, stopChild } from './service-process.ts'

/** One operator: the console, and the bare page that pops for the same phone. */
export interface PopDesk {
  readonly member: string
  readonly ours: Page
  readonly bare: Page
}

/** The bare peer, running. */
export interface BarePeer {
  readonly url: string
  readonly stop: () => Promise<void>
}

const WITHIN_MS = 60_000

/** Starts the bare peer on an AMI port. */
export async function startBarePeer(ami: PbxAccess['ami']): Promise<BarePeer> {
  const program = join(import.meta.dirname, 'bare-peer.ts')
  const child = spawn(process.execPath, [program, String(ami.port), ami.user, ami.secret], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { url: `http://127.0.0.1:${port}/`, stop: () => stopChild(child) }
}

/** Seats one operator: signed in, softphone registered, ready in the queue; the bare page beside it. */
export async function seatOperator(
  browser: Browser,
  parts: {
    readonly pbx: TestPbx
    readonly service: ServiceProcess
    readonly bare: BarePeer
    readonly person: Credentials
  },
): Promise<PopDesk> {
  const { pbx, service, bare, person } = parts
  const context = await browser.newContext({ locale: 'vi-VN' })
  const member = await signInFirstTime(context, service, person)
  const ours = await context.newPage()
  await addProbe(ours)
  const registered = pbx
    .look()
    .waitFor((event) => event['Event'] === 'ContactStatus' && event['AOR'] === member, WITHIN_MS)
  await ours.goto(service.url)
  await registered
  const isMember = pbx
    .look()
    .waitFor((event) => event['Event'] === 'QueueMemberAdded' && event['MemberName'] === member, WITHIN_MS)
  // As operators do it: the key also lets the page make sounds.
  await ours.keyboard.press('Alt+R')
  await isMember
  const other = await (await browser.newContext({ locale: 'vi-VN' })).newPage()
  await addProbe(other)
  await other.goto(`${bare.url}?member=${member}`)
  return { member, ours, bare: other }
}
