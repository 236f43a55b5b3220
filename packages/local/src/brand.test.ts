import { expect, test } from 'vitest'
import { brandOf } from './brand.ts'

test.each([
  [{}, { name: 'Tollgate', color: undefined }],
  [
    { BRAND_NAME: 'Acme', BRAND_COLOR: '#1f5eff' },
    { name: 'Acme', color: '#1f5eff' },
  ],
  [
    { MAIL_FROM: 'Acme Ltd <mail@acme.example>', BRAND_COLOR: '#15A' },
    { name: 'Acme Ltd', color: '#1155AA' },
  ],
  [
    { MAIL_FROM: '"Acme, Inc." <mail@acme.example>', BRAND_COLOR: 'green' },
    { name: 'Acme, Inc.', color: undefined },
  ],
  [{ MAIL_FROM: 'mail@acme.example' }, { name: 'Tollgate', color: undefined }],
])('the sandboxes get the brand of %j', (env, brand) => {
  expect(brandOf(env)).toEqual(brand)
})
