import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
/** Opens a browser profile of its own and signs in at the door. `at`: what the page's clock shows, if not the real time. */
export async function openDesk(browser, { url, dataDir, who, at }) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'vi-VN' });
    context.setDefaultTimeout(15_000);
    if (at !== undefined)
        await context.clock.install({ time: at });
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => void problems.push(error.message));
    page.on('response', (response) => {
        if (response.status() >= 500)
            problems.push(`${String(response.status())} ${new URL(response.url()).pathname}`);
    });
    await page.goto(url);
    await page.getByLabel('Tên đăng nhập').fill(who);
    await page.getByLabel('Mật khẩu').fill(await passwordOf(dataDir, who));
    await page.getByRole('button', { name: 'Đăng nhập' }).click();
    await page.getByRole('navigation', { name: 'Các trang' }).waitFor();
    return {
        context,
        page,
        problems,
        async get(path) {
            const response = await context.request.get(`${url}${path}`);
            if (!response.ok())
                throw new Error(`${path}: ${String(response.status())}`);
            return (await response.json());
        },
        close: () => context.close(),
    };
}
async function passwordOf(dataDir, who) {
    const people = JSON.parse(await readFile(join(dataDir, 'demo-accounts.json'), 'utf8'));
    const person = people.find(({ username }) => username === who);
    if (person === undefined)
        throw new Error(`no demo person ${who}`);
    return person.password;
}
//# sourceMappingURL=desk-page.js.map