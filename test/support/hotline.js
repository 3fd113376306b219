import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startApp } from "../../src/app.js";
import { pickPorts } from "../../src/cli/free-ports.js";
import { readConfig } from "../../src/config.js";
import { openDesk } from "./desk-page.js";
import { startPbx } from "./pbx.js";
import { STUB_ACCOUNT, startSmsStub } from "./sms-stub.js";
const ROOT = resolve(import.meta.dirname, '../..');
/** Starts it all on free ports in a folder of its own. Build the console first (`npm test` does). */
export async function startHotline(options = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'tongdai-hotline-'));
    const pbx = await startPbx({ withCarrier: true, ...options.pbx });
    const sms = await startSmsStub();
    const [port = 0] = await pickPorts([{ kind: 'tcp' }]);
    const url = `http://localhost:${String(port)}`;
    const dataDir = join(folder, 'data');
    const recordingsDir = join(folder, 'recordings');
    const config = readConfig({
        HTTP_PORT: String(port),
        DATA_DIR: dataDir,
        RECORDINGS_DIR: recordingsDir,
        DEMO: 'true',
        SMS_QUIET_HOURS: 'off', // at whatever hour this runs
        AMI_PORT: String(pbx.ami.port),
        AMI_USER: pbx.ami.user,
        AMI_SECRET: pbx.ami.secret,
        ARI_URL: pbx.ari.url,
        ARI_USER: pbx.ari.user,
        ARI_SECRET: pbx.ari.secret,
        SIP_WS_URL: pbx.sipWsUrl,
        TWILIO_ACCOUNT_SID: STUB_ACCOUNT.accountSid,
        TWILIO_AUTH_TOKEN: STUB_ACCOUNT.authToken,
        TWILIO_FROM: STUB_ACCOUNT.from,
        TWILIO_API_URL: sms.url,
    }, ROOT);
    // A copy: building the console again while a journey runs pulls no page from under it.
    const consoleDir = join(folder, 'console');
    await cp(config.consoleDir, consoleDir, { recursive: true });
    const start = () => startApp({ ...config, consoleDir }, { now: () => new Date() });
    let app = await start();
    await untilReady(url);
    return {
        url,
        pbx,
        sms,
        recordingsDir,
        dataDir,
        app: () => app,
        queueMembers: () => queueMembers(pbx),
        openDesk: (browser, who) => openDesk(browser, { url, dataDir, who }),
        async restartService() {
            await app.close();
            app = await start();
            await untilReady(url);
        },
        async stop() {
            await app.close();
            await Promise.all([pbx.stop(), sms.close()]);
            await rm(folder, { recursive: true, force: true, maxRetries: 3 });
        },
    };
}
async function queueMembers(pbx) {
    const members = new Map();
    const ami = pbx.look();
    const stop = ami.onEvent((event) => {
        if (event['Event'] === 'QueueMember')
            members.set(event['Name'] ?? '', event['Paused'] === '1');
    });
    const complete = ami.waitFor((event) => event['Event'] === 'QueueStatusComplete', 5_000);
    await ami.send('QueueStatus', { Queue: 'hotline' });
    await complete;
    stop();
    return members;
}
async function untilReady(url) {
    const until = Date.now() + 10_000;
    while ((await fetch(`${url}/readyz`)).status !== 200) {
        if (Date.now() > until)
            throw new Error(`not ready: ${await (await fetch(`${url}/readyz`)).text()}`);
    }
}
//# sourceMappingURL=hotline.js.map