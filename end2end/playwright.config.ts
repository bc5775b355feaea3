import { defineConfig } from '@playwright/test';

const chromium = {
  // Chromium without what a window needs, which costs half of its time.
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: [
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--no-first-run',
  ],
};

export default defineConfig({
  outputDir: '.output',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  retries: process.env.CI ? 1 : 0,
  workers: 3, // on two cores: a story also waits for clocks
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  // A film of each test would cost a quarter of its time; the documents in the trace show what the page was.
  use: { launchOptions: chromium, trace: { mode: 'retain-on-failure', screenshots: false } },
  projects: [
    { name: 'emulators', testDir: 'emulators' },
    { name: 'support', testDir: 'support' },
    { name: 'stories', testDir: 'stories' },
    { name: 'applications', testDir: 'applications', testMatch: '*.app.spec.ts' },
    { name: 'pictures', testMatch: '*.pictures.spec.ts' },
  ],
});
