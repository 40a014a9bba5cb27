import { encode } from 'uqr'
import { type Html, html } from './html.ts'

/** Text as a picture for a camera, dark on light in every colour scheme. */
export function qrCode(text: string, label: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 3 })
  const dots = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges">
<rect class="qr-light" width="${size}" height="${size}"/>
<path class="qr-dark" d="${dots.join('')}"/>
</svg>`
}
