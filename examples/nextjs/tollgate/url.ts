/** Where this server reaches the Tollgate backend. */
export const TOLLGATE_URL = process.env['TOLLGATE_URL'] ?? 'http://localhost:3000'
