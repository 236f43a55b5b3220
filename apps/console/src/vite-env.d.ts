interface ImportMetaEnv {
  /** The API's base, such as `https://api.example.com`. */
  readonly VITE_API_URL?: string
}
