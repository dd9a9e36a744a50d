/**
 * The types that several modules share. Nothing is imported from here at run time.
 *
 * Cells are [row, column] and counted from 0; pixels are x, y. Map sets are (channels, rows, columns), row by row.
 */

export {};

/** @typedef {[row: number, column: number]} Cell */

/**
 * One axis of a window: at position p it reads the cells p·stride − before + t·dilation, t < kernel.
 * @typedef {object} Axis
 * @property {number} size
 * @property {number} kernel
 * @property {number} stride
 * @property {number} dilation
 * @property {number} before cells of padding at the start
 * @property {number} after cells of padding at the end
 * @property {boolean} ceil
 * @property {number} positions how many positions the window has
 * @property {boolean} fits
 * @property {number} leftover
 * @property {number} overhang
 * @property {number[]} unread
 * @property {string} quotient (padded − reach)/stride + 1 before rounding, as "7/3"
 * @property {number | null} fitting_padding
 * @property {{crop: number, output_padding: number}} [transposed] of a transposed convolution, where position p is an
 * output cell that the input cells n reach with p = n·stride − crop + t·dilation
 */

/**
 * Cells `first` to `first + length` of an axis, divided into `parts` equal parts.
 * @typedef {object} Span
 * @property {number} size
 * @property {number} first
 * @property {number} length
 * @property {number} parts
 */

/**
 * The preprocessing of a picture for a trained model: a weighted sum of cells and channels, then (sum / white − mean) /
 * std of each channel; inverted to white on black, white − sum takes the place of the sum.
 * @typedef {object} Preprocessing
 * @property {string} model
 * @property {number} white
 * @property {boolean} inverted
 * @property {number[]} mean
 * @property {number[]} std
 * @property {number[][]} mix the weight of each input channel in each channel
 * @property {Span} rows
 * @property {Span} columns
 */

/**
 * @typedef {object} Picture the source of stage 0
 * @property {"sample" | "upload" | "numbers" | "random" | "gone"} kind
 * @property {string} [name]
 * @property {string} [title]
 * @property {string} [alt]
 * @property {string} [credit]
 * @property {string[]} [notes] what was done to an uploaded picture
 * @property {[number, number]} [stored]
 * @property {[number, number, number, number]} [cut]
 */

/**
 * What a layer can do: it has filters; a window reads cells; the output has the input's shape; each map is made from the
 * map of the same number; every cell reads the whole input; its law reads one place; the code of its law is loaded.
 * @typedef {"filters" | "gathers" | "keeps_shape" | "map_by_map" | "reads_all" | "one_place" | "own_law"} Capability
 */

/**
 * What a layer makes of values; null for an end without a bound.
 * @typedef {object} ValueBehavior
 * @property {boolean} keeps_whole whole numbers make whole numbers
 * @property {"values" | "squares" | null} adds what is added up in a window
 * @property {boolean} signed the output is no picture on the scale of its input
 * @property {number | null} least
 * @property {number | null} most
 * @property {boolean} never_zero a 0 is a number too small for float32
 */

/**
 * The metadata of a stage in the server's Trace; its arrays come beside it.
 * @typedef {object} StageMeta
 * @property {number} index
 * @property {string} op
 * @property {string} title
 * @property {"input" | "convolution" | "activation" | "pooling" | "other"} family
 * @property {Kind} kind how one cell is computed
 * @property {Capability[]} capabilities
 * @property {ValueBehavior} values
 * @property {string} formula the law of an activation, of x
 * @property {Record<string, string>} [missing] the views that have nothing to show, each with the reason
 * @property {number | null} layer
 * @property {[number, number, number]} shape
 * @property {number[]} reads the stages that it reads: one, of a join several, of the input none
 * @property {number[]} [starts] of a concatenation: the first map of each stage that it reads
 * @property {[number, number, number] | null} input_shape of the first stage that it reads
 * @property {Axis | null} rows
 * @property {Axis | null} columns
 * @property {number} [groups]
 * @property {string} [padding_mode]
 * @property {boolean} [flip]
 * @property {number[]} [divisors]
 * @property {number[]} [scales]
 * @property {string[]} [bias_text]
 * @property {string[]} [labels]
 * @property {Record<string, {title: string, sentence: string}>} [kernels] the classic filters among those of the layer
 * @property {string[]} [channels] red, green and blue, where each map depends on one channel of a color picture alone
 * @property {"max" | "min" | "avg" | "l2" | null} [pool]
 * @property {boolean} [count_include_pad]
 * @property {number} [divisor_override]
 * @property {any} [law] the numbers of a layer with a law of its own
 * @property {number | null} [slope]
 * @property {[number, number] | null} [by]
 * @property {Preprocessing} [prepare]
 * @property {string[]} [words] the words of each row
 * @property {string[]} [winners] the words that the global maximum or minimum of each map is from
 * @property {string[]} [classes] the class of each map of a model's last layers
 * @property {number} parameters
 * @property {number} multiply_adds
 * @property {[number, number]} receptive_field
 * @property {boolean} [receptive_field_at_most] whether that is a bound: paths differ in jump or center
 * @property {boolean} sees_whole_input whether each cell depends on the whole input
 * @property {[number, number]} jump
 * @property {boolean} exact
 * @property {number | null} [denominator] all values are exact multiples of 1/denominator, which float32 rounds; null
 * where they are not known exactly
 * @property {"photo" | "signed" | "gray"} colors
 * @property {number[]} [photo_maps] the maps of a signed stage that are pictures
 * @property {[number, number] | null} scale black and white where the stage is a picture
 * @property {[number, number]} [picture_scale] black and white of the input picture
 * @property {boolean} [never_negative] the values are 0 or more because of what the layers do
 * @property {[number, number][]} ranges of all cells of each map
 * @property {number} [salient_map] the map that is shown first: the winner of scores and shares
 * @property {Cell[]} telling the salient cell of each map
 * @property {string[]} notes
 * @property {Record<string, string>} code for each library that has it: the lines that compute the output `y` from the
 * input `x`
 * @property {Record<string, Record<string, number[]>>} [code_beats] for each library the lines of each beat, counted from
 * 0; of a beat that is not there the last line
 * @property {string[]} [code_notes] why there is no code in a dialect
 * @property {[number, number]} [preview] offset and scale of the bytes: value = offset + scale·byte
 * @property {Picture} [image]
 */

/**
 * The arrays of a stage, views into the response. `output` is null where only the bytes of a preview were sent.
 * @typedef {object} StageArrays
 * @property {Float32Array | null} output
 * @property {Float32Array | null} weight
 * @property {Float32Array | null} bias
 * @property {Uint8Array | null} bytes
 */

/**
 * `own` is the code of the steps of a layer with a law of its own, undefined until it is loaded.
 * @typedef {StageMeta & StageArrays & {own?: OwnLaw}} Stage
 */

/** @typedef {{trace: Trace, stage: Stage, input: Stage, map: number, row: number, col: number}} StepRequest */

/**
 * A computed step, before it is compared with the Trace. The rounding error allowed for its result: `size` is the
 * magnitude it is relative to, `terms` the number of roundings.
 * @typedef {Partial<StepNumbers> & {rows: number[], columns: number[], sum: number, result: number, size?: number,
 * terms?: number}} ComputedStep
 */

/**
 * The steps of a kind of layer that few figures have.
 * @typedef {object} OwnLaw
 * @property {(request: StepRequest) => ComputedStep} explain
 * @property {(stage: Stage, frame: Frame, texts: StepTexts) => string} [before] the text before the result
 * @property {(stage: Stage, before: Stage, frame: Frame) => Partial<StepTexts>} [write] left out, one cell is read
 * @property {(stage: Stage, frame: Frame, texts: StepTexts) => import("convoscope/pure/text/formula.js").FormulaPart[]}
 * [left] the left side of the equation; left out, `before`
 * @property {(whole: {frame: Frame, texts: StepTexts}) => {frame: Frame, texts: StepTexts}} [stack] the step as its
 * tables show it; left out, as it is
 * @property {(stage: Stage, cell: Cell) => {rows: number[], columns: number[]}} [readers] the cells of the output that
 * read one of the input; left out, that of the same place
 * @property {(stage: Stage, axis: "rows" | "columns", cells: [number, number]) => [number, number]} [readAxis] the first
 * and the last cell that cells of the output read; left out, the same
 */

/**
 * @typedef {object} Problem
 * @property {string} field
 * @property {string} value
 * @property {string} allowed
 * @property {string} message
 * @property {"note" | "error"} severity
 * @property {number | null} layer
 * @property {string} code
 */

/** @typedef {{op: string, filters?: object[], head?: unknown, options: Record<string, unknown>}} SceneLayer */

/**
 * What changes a picture on purpose; what is left out changes nothing.
 * @typedef {{brightness?: string, contrast?: string, turn?: string, flip?: string, shift?: number[], noise?: string,
 * seed?: number, cover?: number[] | null}} Adjustments
 */

/**
 * @typedef {object} Scene
 * @property {number} version
 * @property {Record<string, unknown>} image
 * @property {string[]} [rows] the words at the rows of the input, left out where there are none
 * @property {Record<string, unknown>[]} [batch] the pictures that are stacked behind it, left out where there are none
 * @property {number} [item] which of the pictures the figure shows, from 0
 * @property {[number, number]} size
 * @property {[number, number, number, number] | null} crop
 * @property {Adjustments | null} [adjust] what changes the picture on purpose, left out where nothing does
 * @property {"gray" | "rgb"} channels
 * @property {"byte" | "unit"} range
 * @property {SceneLayer[]} layers
 */

/**
 * A stack of pictures, of which a Trace has one: `item`, from 0. `names` are those of links, `titles` for people.
 * `thumbnails` are their inputs, small: paths of the site, in a file the pictures themselves.
 * @typedef {{count: number, item: number, names: string[], titles?: string[], thumbnails?: string[]}} Batch
 */

/**
 * @typedef {object} Trace
 * @property {number} version
 * @property {Scene} scene
 * @property {Batch} [batch] the stack of pictures, where there is one
 * @property {string} link
 * @property {Problem[]} problems
 * @property {Stage[]} stages
 * @property {Answer} [answer] that to the question of the link, where it was asked for
 */

/**
 * One input channel of a step. All lists are rows of the window.
 * @typedef {object} FrameChannel
 * @property {number} channel
 * @property {(number | null)[][]} values null: a cell of the padding that does not count
 * @property {number[][] | null} weights whole numerators
 * @property {number[][] | null} products value · weight; in an L2 pool the squares
 * @property {boolean[][]} padded
 * @property {(Cell | null)[][]} sources the input cell each value is taken from; null is a zero of the padding
 * @property {number} sum
 */

/**
 * @typedef {"conv" | "pool" | "pointwise" | "softmax" | "shift" | "flatten" | "linear" | "prepare" | "join" | "input" |
 * "batchnorm" | "center" | "dropout" | "lrn" | "mean" | "pad" | "upsample"} Kind
 */

/**
 * One product of a long sum; `source` is the cell of its value before the maps were flattened.
 * @typedef {{source: [channel: number, row: number, column: number], value: number, weight: number, product: number}}
 * Term
 */

/**
 * One step at one beat.
 * @typedef {object} Frame
 * @property {number} stage
 * @property {number} map
 * @property {number} row
 * @property {number} col
 * @property {Kind} kind
 * @property {number[]} rows the input rows the window covers; those outside the input are padding
 * @property {number[]} columns
 * @property {FrameChannel[]} channels empty where the window is larger than 16 × 16 cells
 * @property {number} sum
 * @property {number} divisor
 * @property {number} scale
 * @property {number} bias
 * @property {number} result
 * @property {[channel: number, row: number, column: number] | null} chosen
 * @property {number | null} count
 * @property {Term[]} strongest of a fully connected layer: the terms largest in magnitude, the largest first
 * @property {{count: number, sum: number} | null} rest the number and sum of all other terms
 * @property {number | null} largest of softmax: the score that is subtracted from all
 * @property {number[]} joined of a join: the stage of each channel
 * @property {string} beat
 * @property {string[]} beats
 * @property {number} value the Trace's number at that cell
 * @property {boolean} agrees result and value differ by no more than float32 allows
 * @property {boolean} hasNumbers false while the numbers have not arrived: then only stage, map, row, col, rows and
 * columns are valid
 */

/** @typedef {Omit<Frame, "beat" | "beats" | "value" | "agrees" | "hasNumbers">} StepNumbers */

/**
 * One channel of a step as texts; products and sum have a sign, + included.
 * @typedef {{values: string[][], weights: string[][], products: string[][], sum: string}} ChannelTexts
 */

/**
 * The numbers of a step as texts; "" or [] for what the step does not have. quotient + bias + rounding = result,
 * exactly as they are written, and the quotient is sum ÷ divisor rounded to as many decimals as it has. The flags
 * is…Exact are false for texts that are rounded: ≈ belongs before these.
 * @typedef {object} StepTexts
 * @property {ChannelTexts[]} channels
 * @property {string} channelRest the sum of all channels but the eight largest
 * @property {string} sum
 * @property {boolean} isSumExact
 * @property {string} divisor
 * @property {string} quotient
 * @property {boolean} isQuotientExact
 * @property {string} bias
 * @property {string} biasWritten a typed bias that the decimals of the result do not hold: 1/9
 * @property {string} rounding what is missing, with its sign
 * @property {string} result
 * @property {boolean} isResultExact
 * @property {{value: string, weight: string, product: string, isExact: boolean}[]} strongest the largest terms of a long
 * sum
 * @property {string[]} rests the sum of all other terms where n of the strongest are shown
 * @property {string} largest of softmax: the score that is subtracted
 * @property {string[]} powers of softmax: e^x of each class
 * @property {string[]} shares of softmax, in percent
 */

/**
 * How a figure is shown; the keys are the rows of the server's option table.
 * @typedef {object} View
 * @property {number} stage null, in a link alone, for the one that the figure opens on
 * @property {number} map
 * @property {Cell | null} at
 * @property {string} beat
 * @property {number | null} story a press of the stage's story, from 1 on
 * @property {boolean} [isBetween] whether playing is on the way to that press; no key of a link
 * @property {boolean} [isWhole] whether all cells are written wherever the window is; no key of a link
 * @property {string} tab
 * @property {boolean} big whether the view takes the stage
 * @property {string} matrix "weights": the filter as one big matrix; "windows": windows as rows
 * @property {string} neuron "one", "map", "full" or "column": which neurons are drawn
 * @property {string} detail "law", "indices", "numbers" or "vectors": the form of an equation
 * @property {string} library the library of the view Code: "torch", "keras", "jax", "numpy" or "scipy"
 * @property {string} program "stage" or "chain": what the program of the view Code computes
 * @property {string} shapes "chw" or "hwc": the order in which shapes are written; "" for words
 * @property {boolean} letters whether values have letters in place of their numbers
 * @property {number | null} press how far the explanation of the view is; null for all of it
 * @property {boolean} paths whether a receptive field is shaded by the number of paths
 * @property {string} sweep "turn", "down" or "right": what changes while the response of the cell is drawn; "" for none
 * @property {Cell | null} window rows and columns of the gray square that covers the picture; null for a quarter of it
 * @property {Cell | null} stride from one stop of the square to the next; null for an eighth of the picture
 * @property {string} target the name or number of the class whose score is shown then; "" for the strongest
 * @property {boolean} volume whether input, filters and output are drawn as their slices
 * @property {boolean} table whether the filters of a layer are a table in place of the maps
 * @property {boolean} weights whether the weights stand in the cells of the window
 * @property {Cell | null} second an output cell whose equation stands beside that of the cell in focus
 * @property {boolean} signal whether maps of one row are drawn as circles in a line, with stems
 * @property {boolean} index whether a signal counts from 1
 * @property {boolean} draw whether the settings are open where a picture is drawn
 * @property {string} colors
 * @property {string} scope
 * @property {boolean} fit
 * @property {boolean} marks whether every position of the window is marked
 * @property {boolean} ghost whether cells that are not computed yet are shown faintly
 * @property {Cell | null} pin
 * @property {string} mode
 * @property {string} tempo kept as written
 * @property {boolean} play
 * @property {boolean} loop
 * @property {string} clicker "story" where the keys of a clicker tell an embed's figure first
 * @property {Cell[]} stops the cells that an author chose as a path
 * @property {string[]} notes a line of words for each stop, "" for none
 * @property {string} predict the answer that is hidden until somebody has guessed; "" for none
 * @property {string} theme
 * @property {string} ui
 * @property {string[]} hide
 * @property {string[]} lock
 * @property {string} title
 * @property {boolean} transparent
 * @property {string} dpr kept as written
 * @property {boolean} present
 */

/**
 * A row of the server's option table.
 * @typedef {object} Option
 * @property {string} name
 * @property {string} kind
 * @property {unknown} default
 * @property {string} label
 * @property {string} help
 * @property {string} letter
 * @property {number} least
 * @property {number} most
 * @property {string[]} choices
 * @property {boolean} more
 * @property {boolean} [above] `least` itself is left out
 * @property {number} [step] a whole number has to be a multiple of it
 */

/**
 * A row of the server's table of operations: a kind of layer.
 * @typedef {object} Operation
 * @property {string} name
 * @property {string} title
 * @property {string} family
 * @property {string} sentence
 * @property {Option | null} head the value behind the name
 * @property {Option[]} options
 * @property {Kind | "model"} kind
 * @property {Capability[]} capabilities
 * @property {ValueBehavior} values
 * @property {string} formula
 * @property {boolean} trained whether only a trained network has it
 */

/**
 * A classic filter in the server's table.
 * @typedef {{name: string, title: string, family: string, sentence: string, planes: string[][][], divisor: number,
 * show: string}} Kernel
 */

/**
 * A sample in the server's table.
 * @typedef {{name: string, title: string, kind: string, credit: string, picture: string, thumbnail: string}} Sample
 */

/** @typedef {{name: string, title: string, classes: number, names: string[], rgb: boolean}} Network */

/**
 * The tables of a page's controls, which never change, and the figure that it opens with. Those that `controls` names
 * the file of are here as soon as `completeTables` has loaded them.
 * @typedef {object} PageTables
 * @property {Operation[]} operations
 * @property {Option[]} adjust what changes a picture on purpose, in order
 * @property {Option[]} view
 * @property {Option} kernel_size
 * @property {Kernel[]} kernels
 * @property {Sample[]} samples
 * @property {Network[]} networks
 * @property {number[]} sizes
 * @property {Record<string, number>} limits
 * @property {boolean} has_heic
 * @property {boolean} [picture_only] leaves out size and color, which the page sets
 * @property {Scene} scene
 * @property {string} link
 * @property {string} query
 * @property {Problem[]} problems
 * @property {boolean} gone whether an upload or uploaded weights no longer exist
 * @property {string} [controls] the path of the tables that are not in the page
 * @property {boolean} [laws] whether a layer has a law of its own, whose code the page loads before it shows the figure
 * @property {PageQuestion} [question] what the link asks, in place of what it hides
 * @property {string} [trace] the Trace in base64, where the page carries it: a small one, or one whose picture is gone
 */

/**
 * The question of a link: the View that a page has while it asks, and sentences with places for a guess.
 * @typedef {{view: Partial<View> & {beat: string}, texts:
 * Record<"hit" | "slip" | "miss" | "told" | "unread" | "unread_size" | "busy", string>}}
 * PageQuestion
 */

/**
 * The answer to the question of a link: the index of the right choice, how it is written, what each choice would be
 * right for, the same for the numbers of all rules, and where the figure shows it; `plays` is how it is played there.
 * @typedef {object} Answer
 * @property {number} right
 * @property {string} text
 * @property {string[]} reasons "" for the right choice
 * @property {{numbers: number[], reason: string}[]} rules
 * @property {string[]} lines the formulas of a size or of parameters, in numbers
 * @property {{stage: number, map: number, at: Cell, beat: string}} view
 * @property {string} plays
 */

/**
 * The tables of a page that may only show a figure: without `controls` nothing on it changes its layers.
 * @typedef {PageTables | Omit<PageTables, "controls">} ViewerTables
 */

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */

/** @typedef {"input" | "output"} MapName */

/** @typedef {{trace: Trace, view: View}} TraceAndView */
