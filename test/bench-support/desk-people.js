import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {} from 'playwright-core';
import {} from "../../src/accounts/contract.js";
import {} from "./service-process.js";
/** The password of a demo account of a service started with DEMO. */
export async function demoAccount(folder, username) {
    const accounts = JSON.parse(await readFile(join(folder, 'data/demo-accounts.json'), 'utf8'));
    const found = accounts.find((account) => account.username === username);
    if (found === undefined)
        throw new Error(`no demo account ${username}`);
    return { username: found.username, password: found.password };
}
/** Makes so many operators, as an admin does; they still carry the password they must change. */
export async function makeOperators(request, service, admin, count) {
    const headers = await signIn(request, service.url, admin);
    const made = [];
    for (let index = 1; index <= count; index += 1) {
        const username = `truc${String(index)}`;
        const response = await request.post(`${service.url}/api/people`, {
            headers,
            data: { username, name: `Trực máy ${String(index)}`, role: 'operator' },
        });
        const { password } = (await answer(response));
        made.push({ username, password });
    }
    return made;
}
/** Signs a new operator in within a browser context, with the change of password the first time asks for; answers its member name in the queue. */
export async function signInFirstTime(context, service, person) {
    const first = await signIn(context.request, service.url, person);
    const data = { current: person.password, next: `${person.password}-moi` };
    await answer(await context.request.put(`${service.url}/api/session/password`, { headers: first, data }));
    const session = (await answer(await context.request.get(`${service.url}/api/session`)));
    return `op-${String(session.person.id)}`;
}
/** Signs in; answers the headers that unsafe requests need. */
export async function signIn(request, url, data) {
    const session = (await answer(await request.post(`${url}/api/session`, { data })));
    return { 'x-csrf-token': session.csrfToken };
}
/** The body of a good answer; throws with the bad one. */
export async function answer(response) {
    if (response.ok())
        return response.status() === 204 ? undefined : response.json();
    throw new Error(`${response.url()}: ${String(response.status())} ${await response.text()}`);
}
//# sourceMappingURL=desk-people.js.map