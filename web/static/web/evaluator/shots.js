/* Photos that are still on this device, drawn small: a canvas needs no exception in the content security policy. */
const SIDE = 160;

export const thumbnail = async (blob, words) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words);
  try {
    const picture = await createImageBitmap(blob);
    const side = Math.min(picture.width, picture.height);
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
    canvas.getContext("2d").drawImage(picture, left, top, side, side, 0, 0, SIDE, SIDE);
    picture.close();
  } catch {
    return null; /* a kind of picture that this browser cannot draw; it is kept and sent all the same */
  }
  return canvas;
};
