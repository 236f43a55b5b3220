// What a configuration imports as `@tollgate/config`: the zod of this server, and the function that types it.
export { z } from 'zod'

export const defineConfig = <Config>(config: Config): Config => config
