/** Whether `npm run test:long` runs. */
export const isLong = process.env.TOLLGATE_TESTS === 'long'
