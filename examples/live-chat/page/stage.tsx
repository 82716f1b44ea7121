/** The place of the video. A product shows the player of Amazon IVS here. */
export function Stage() {
  return (
    <div className="stage">
      <div className="lights" aria-hidden="true"><i /><i /><i /></div>
      <p>Your Amazon IVS stream plays here</p>
    </div>
  );
}
