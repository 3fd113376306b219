import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {} from 'playwright-core';
import {} from "../../src/cli/pbx.js";
import {} from "../support/pbx.js";
import { signInFirstTime } from "./desk-people.js";
import { addProbe } from "./paint-probe.js";
import { stopChild } from "./service-process.js";
const WITHIN_MS = 60_000;
/** Starts the bare peer on an AMI port. */
export async function startBarePeer(ami) {
    const program = join(import.meta.dirname, 'bare-peer.ts');
    const child = spawn(process.execPath, [program, String(ami.port), ami.user, ami.secret], {
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = (await once(createInterface({ input: child.stdout }), 'line'));
    return { url: `http://127.0.0.1:${port}/`, stop: () => stopChild(child) };
}
/** Seats one operator: signed in, softphone registered, ready in the queue; the bare page beside it. */
export async function seatOperator(browser, parts) {
    const { pbx, service, bare, person } = parts;
    const context = await browser.newContext({ locale: 'vi-VN' });
    const member = await signInFirstTime(context, service, person);
    const ours = await context.newPage();
    await addProbe(ours);
    const registered = pbx
        .look()
        .waitFor((event) => event['Event'] === 'ContactStatus' && event['AOR'] === member, WITHIN_MS);
    await ours.goto(service.url);
    await registered;
    const isMember = pbx
        .look()
        .waitFor((event) => event['Event'] === 'QueueMemberAdded' && event['MemberName'] === member, WITHIN_MS);
    // As operators do it: the key also lets the page make sounds.
    await ours.keyboard.press('Alt+R');
    await isMember;
    const other = await (await browser.newContext({ locale: 'vi-VN' })).newPage();
    await addProbe(other);
    await other.goto(`${bare.url}?member=${member}`);
    return { member, ours, bare: other };
}
//# sourceMappingURL=pop-desks.js.map