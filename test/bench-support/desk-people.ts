import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type APIRequestContext, type APIResponse, type BrowserContext } from 'playwright-core'
import { type SessionView } from '../../src/accounts/contract.ts'
import { type ServiceProcess } from './service-process.ts'

/** Somebody who may sign in. */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/** The password of a demo account of a service started with DEMO. */
export async function demoAccount(folder: string, username: string): Promise<Credentials> {
  const accounts = JSON.parse(
    await readFile(join(folder, 'data/demo-accounts.json'), 'utf8'),
  ) as Credentials[]
  const found = accounts.find((account) => account.username === username)
  if (found === undefined) throw new Error(`no demo account ${username}`)
  return { username: found.username, password: found.password }
}

/** Makes so many operators, as an admin does; they still carry the password they must change. */
export async function makeOperators(
  request: APIRequestContext,
  service: Pick<ServiceProcess, 'url'>,
  admin: Credentials,
  count: number,
): Promise<Credentials[]> {
  const headers = await signIn(request, service.url, admin)
  const made: Credentials[] = []
  for (let index = 1; index <= count; index += 1) {
    const username = `truc${String(index)}`
    const response = await request.post(`${service.url}/api/people`, {
      headers,
      data: { username, name: `Trực máy ${String(index)}`, role: 'operator' },
    })
    const { password } = (await answer(response)) as { readonly password: string }
    made.push({ username, password })
  }
  return made
}

/** Signs a new operator in within a browser context, with the change of password the first time asks for; answers its member name in the queue. */
export async function signInFirstTime(
  context: BrowserContext,
  service: Pick<ServiceProcess, 'url'>,
  person: Credentials,
): Promise<string> {
  const first = await signIn(context.request, service.url, person)
  const data = { current: person.password, next: `${person.password}-moi` }
  await answer(await context.request.put(`${service.url}/api/session/password`, { headers: first, data }))
  const session = (await answer(await context.request.get(`${service.url}/api/session`))) as SessionView
  return `op-${String(session.person.id)}`
}

/** Signs in; answers the headers that unsafe requests need. */
export async function signIn(
  request: APIRequestContext,
  url: string,
  data: Credentials,
): Promise<Readonly<Record<string, string>>> {
  const session = (await answer(await request.post(`${url}/api/session`, { data }))) as SessionView
  return { 'x-csrf-token': session.csrfToken }
}

/** The body of a good answer; throws with the bad one. */
export async function answer(response: APIResponse): Promise<unknown> {
  if (response.ok()) return response.status() === 204 ? undefined : response.json()
  throw new Error(`${response.url()}: ${String(response.status())} ${await response.text()}`)
}
