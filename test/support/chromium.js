import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { currentEnvironment } from "../../src/cli/environment.js";
import { provisionChromium } from "../../src/cli/provision-chromium.js";
const FLAGS = [
    '--no-sandbox',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--no-first-run',
    '--autoplay-policy=no-user-gesture-required',
    // Every page counts as one somebody looks at: several operators share one browser here.
    '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows',
    '--disable-background-timer-throttling',
];
/**
 * Starts a real Chromium with a home of its own and a microphone nobody has to allow. One operator per
 * `browser.newContext()`; `browser.close()` ends it and removes its home.
 */
export async function openBrowser(options = {}) {
    const environment = currentEnvironment();
    const install = await provisionChromium({ environment, progress: () => undefined });
    const home = await mkdtemp(join(tmpdir(), 'tongdai-browser-'));
    const clean = async () => {
        await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    };
    try {
        const browser = await chromium.launch({
            executablePath: install.executablePath,
            env: { ...environment, ...install.env, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
            args: [
                ...FLAGS,
                ...(options.voiceFile === undefined
                    ? []
                    : [`--use-file-for-fake-audio-capture=${options.voiceFile}`]),
                ...(options.args ?? []),
            ],
        });
        browser.once('disconnected', () => void clean());
        return browser;
    }
    catch (cause) {
        await clean();
        throw cause;
    }
}
//# sourceMappingURL=chromium.js.map