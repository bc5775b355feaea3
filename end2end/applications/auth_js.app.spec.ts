import { PHONE } from '../support/phones';
import { AuthJsApp, CALLBACK } from './auth_js_app';
import { expect, test } from './fixture';
import { becomeSomebody, personAt, straightThrough } from './journey';

test.use({
  wishes: {
    blog: { name: '블로그', callback: CALLBACK },
    shop: { name: 'The Shop', callback: '/callback' },
  },
});

for (const first of ['Auth.js', 'another application']) {
  test(`somebody whom ${first} brought is known to both`, async ({ page, beonho, placeOf, serve, express, faults }) => {
    const blog = placeOf('blog');
    await serve(blog, new AuthJsApp(blog, beonho.origin, faults).app);
    const { place: shop } = await express('shop');
    const ways = {
      blog: async () => {
        await page.goto(blog.origin);
        await page.locator('#sign-in').click();
        await page.getByRole('button', { name: 'Sign in with Beonho' }).click();
      },
      shop: async () => void (await page.goto(`${shop.origin}/login`)),
    };
    const [here, there] = first === 'Auth.js' ? ([blog, shop] as const) : ([shop, blog] as const);
    await ways[here.id as keyof typeof ways]();
    await becomeSomebody(page, here.name);
    const person = await personAt(page, here.origin);
    expect(person).toMatchObject({ sub: expect.stringMatching(/\S/), name: '민지', phone_number: PHONE.e164 });
    await straightThrough(page, beonho.origin, async () => {
      await ways[there.id as keyof typeof ways]();
      expect(await personAt(page, there.origin)).toMatchObject({ sub: person.sub, name: '민지', phone_number: PHONE.e164 });
    });
    expect(faults).toEqual([]);
  });
}
