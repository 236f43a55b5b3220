import { createTollgateServer } from '@tollgate/server'
import { TOLLGATE_URL } from './url'

/** For programs that send an access token, such as an app: one for the whole server. */
export const backend = createTollgateServer({ url: TOLLGATE_URL, serviceKey: process.env['TOLLGATE_SERVICE_KEY'] })
