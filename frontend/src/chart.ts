// Charts: <bocage-chart data-specification="…"> already holds the drawing and the figures made by the server.
import { BocageChart } from "./chart/element";

customElements.define("bocage-chart", BocageChart);
