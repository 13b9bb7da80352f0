"""The one list of causes: why an answer usually fails, by a name that never changes.

Reports count these names, so a name keeps its meaning for good. The sentence tells the student what
happened and what to do next; it never holds the answer.
"""

from collections.abc import Iterable

from helpers.exercises import OWN_CAUSES

MAX_NAMED = 4

CAUSES = {
    # any exercise
    "not_answered": "this is still the empty stub: write your answer in the cell above and run it.",
    "raised_error": "your code stopped with this error; read its last line, then try the input yourself.",
    "cannot_compare": "the result is of an unusual kind, so that it could not be compared.",
    "wrong_type": "the result is of another type than the task asks for.",
    "wrong_shape": "the numbers are arranged in another shape than the task asks for.",
    "wrong_number": "this number is not the right one; read again what is to be counted.",
    "wrong_values": "the shape is right, the numbers are not.",
    # 01_setup
    "newline_kept": "each line of a text file ends in a line break, and it is still part of the label.",
    "labels_split_at_spaces": "some labels are made of several words; a label is a whole line.",
    "labels_sorted": "the order is the meaning: line 0 is class 0, so the lines must not be sorted.",
    "labels_off_by_one": "the first line of the file is class 0; it must stay the first label.",
    "labels_hard_coded": "the labels must come from the file whose path is given, not from another place.",
    "labels_blank_line_kept": "an empty line at the end of the file is not a label.",
    "labels_garbled": "the file is UTF-8 text; say so when you open it, or other systems will guess.",
    "size_swapped": "a photo's size is (width, height) in Pillow; arrays and tensors say (height, width).",
    "mode_after_convert": "the mode was read after a conversion; the question is what the file holds.",
    "mode_guessed": "several modes have the same number of channels: ask the photo for its mode.",
    "format_taken": "this is the format of the file; the mode says what a pixel is.",
    "same_for_every_photo": "every photo got the same answer: take it from the file whose path is given.",
    "labels_split_into_letters": "a loop over a text gives its letters; split the text into lines first.",
    "labels_cut_at_commas": "some labels hold a comma; a label is a whole line.",
    "existing_file_replaced": "a file that is already there must be left alone: check before downloading.",
    "existing_file_downloaded_again": "the file was there, and still the address was opened.",
    "partial_file_left": "the download failed half-way and left a broken file; the next call would take it for "
    "the photo. Write to another name first, and rename when all has come.",
    "empty_file_left": "the download failed, and an empty file was left behind: it was created too early.",
    "temporary_file_left": "a temporary file was left beside the photo: remove it when the download fails.",
    "download_error_swallowed": "the download failed and nobody was told: let the error come out.",
    "file_not_written": "nothing lies at the path that was given.",
    "file_content_differs": "the file does not hold the same bytes as its source: open it in binary mode.",
    # 02_loading
    "model_not_returned": "nothing came back: end the function by returning the model.",
    "state_dict_returned": "a file of numbers is not a model: put the numbers into the model you were given, and "
    "return that model.",
    "load_result_returned": "`load_state_dict` gives back a report on the names, not the model: call it on a line of "
    "its own, and return the model.",
    "numbers_not_loaded": "the model still has the numbers it had before; those of the file must go into it.",
    "buffers_not_loaded": "the learned numbers arrived and BatchNorm's running values did not; the file has both.",
    "numbers_on_other_device": "the numbers are not on the CPU; say where they are to go when you load the file.",
    "eval_missing": "the model is in training mode, as every new one is: switch it to evaluation mode.",
    "eval_without_call": "`model.eval` without parentheses names the function and does not call it.",
    "eval_only_outside": "every part of a model has its own mode, and only some were switched: a method of the model "
    "switches them all.",
    "mismatch_hidden": "names in the file and in the model differ, and nobody was told: let the error come out, "
    "and do not ask for a looser comparison.",
    "map_location_missing": "the file remembers the GPU it was saved from: say at loading where its numbers are to go.",
    "untrusted_program_run": "the file held a program, and loading it ran the program: keep PyTorch's protection on, "
    "which lets only plain numbers in.",
    "untrusted_accepted": "the file held more than numbers, and nobody was told: let the error come out.",
    "tensors_counted": "this is the number of tensors; each of them holds many numbers, and those are to be counted.",
    "buffers_counted": "BatchNorm's running values are counted too; they are measured, not learned.",
    "frozen_left_out": "frozen parameters are missing: they no longer change, but they were learned and count.",
    "shared_counted_twice": "two layers share the same parameter, and it was counted for each of them.",
    "parameters_counted_per_box": "parameters were counted again for every box around them; a model's own list has "
    "those of all levels, each once.",
    "biases_left_out": "the biases are missing: they are learned as well.",
    "bytes_counted": "this is the size in bytes; a number of type float32 takes four of them.",
    "containers_counted": "boxes that hold other modules are counted too: count only modules without children.",
    "first_level_only": "only the first level was looked at: layers inside boxes count as well.",
    "reused_counted_twice": "one layer is used in several places, and it was counted for each of them.",
    "subclass_under_parent": "a layer of a type made from another one counts under its own type's name.",
    "layers_left_out": "layers of some type are missing: those without parameters, such as ReLU, are layers too.",
    "wrong_layer_numbers": "some types have other numbers: print the layers of a small model and count by hand.",
    "layer_classes_as_keys": "the keys are the types themselves; the task asks for their names as text.",
    "layers_counted_by_place": "the keys say where a layer stands; the task asks for the name of its type.",
    "misread_architecture": "this is not what the model says: print the part in question and read it again.",
    "linear_counted_too": "not only convolutions were counted: look at the types of the layers once more.",
    "name_taken": "the number in the model's name counts in another way: count the convolutions themselves.",
    "shortcuts_left_out": "some convolutions stand apart from the others, in the shortcuts around a block.",
    "background_counted": "no class was added for the background; read how many values the last layer gives.",
    "features_taken": "this is what goes into the last layer; the question is what comes out.",
    "batch_dimension_missing": "one photo is a batch as well: a dimension is missing in front.",
    "channels_last": "PyTorch wants the channels before height and width.",
    "resize_taken": "this is the size before the crop; the model sees what is left after it.",
    # 03_preprocessing
    "not_float32": "a model's numbers are float32, and it refuses other types; dividing in NumPy makes float64.",
    "normalization_left_out": "the values still lie between 0 and 1: was the normalization left out?",
    "values_0_255": "the values still lie on the scale 0 to 255; changing the type does not change the scale.",
    "scaled_twice": "the values were scaled to 0..1 twice, so that all photos turn almost black; do it once.",
    "normalized_before_scaling": "mean and std are meant for values between 0 and 1, and were used on 0 to 255: scale "
    "first.",
    "mean_std_swapped": "mean and std have changed places: look which one is subtracted and which one divides.",
    "half_normalized": "only a part of the normalization is right: the mean is subtracted, then the std divides.",
    "numbers_hard_coded": "these are the mean and std of another model: use those that the function is given.",
    "own_statistics": "mean and std were computed from this photo; use the numbers that the function is given.",
    "blue_first": "red and blue have changed places: the channels must come in the order red, green, blue.",
    "squashed": "the photo was forced into a square, and everything in it is out of shape: resize its short side, and "
    "let the long side follow.",
    "resize_left_out": "the middle was cut out of the photo in its full size: resize first.",
    "resize_size_ignored": "the short side was resized to crop_size at once, so that more is seen than should be: "
    "resize it to resize_size, then crop.",
    "crop_size_ignored": "the photo was cropped to resize_size; crop_size says how much is left.",
    "sizes_hard_coded": "these are the sizes of another recipe: use the sizes that the function is given.",
    "crop_left_out": "the photo was resized, and its middle was not cut out.",
    "crop_before_resize": "the photo was cropped before it was resized; the order decides what the model sees.",
    "height_width_swapped": "height and width have changed places: Pillow says (width, height), a tensor (height, "
    "width).",
    "reshape_for_permute": "the channels are scrambled: `reshape` keeps the order of numbers; move the axes.",
    "wrong_interpolation": "the photo was resized with another filter: pass `interpolation` on.",
    "antialias_missing": "the photo was made smaller without smoothing (antialiasing), which leaves jagged edges.",
    "random_augmentation": "the same photo gives another tensor each time: random crops and flips belong to training.",
    "photo_changed": "the photo that was given looks different after the call: work on a copy, or with functions that "
    "give back a new photo.",
    "other_picture": "this is not the middle of the resized photo: look at each of your steps as a picture.",
    "mode_ignored": "not every photo has the three channels red, green, blue: convert it to mode RGB first.",
    "palette_indices": "in mode P a pixel is a place in a palette, not a colour: convert the photo to mode RGB first.",
    "converted_too_late": "the photo was resized before it was converted, and the colours of a palette cannot be "
    "mixed: convert first.",
    "range_before_normalizing": "this is the limit before normalizing.",
    "range_of_another_model": "this is the limit with another mean and std: use ImageNet's.",
    "range_of_one_channel": "this is the limit of one channel, and another channel goes further: compare all three.",
    "range_not_scaled": "before mean and std are used, values lie between 0 and 1, not between 0 and 255.",
    "range_half_normalized": "only one of the two steps was done: subtract the mean, then divide by the std.",
    "range_swapped": "lowest and highest have changed places.",
    "range_other": "put black (0) and white (1) into (x - mean) / std, for each of the three channels.",
    "batch_dimension_added": "the result has four dimensions; the task asks for one photo, without a batch dimension.",
    "batch_is_list": "this is still a collection of tensors; a model takes one tensor that holds them all.",
    "batch_concatenated": "the photos were joined along a dimension they have already; a batch needs a new one.",
    "batch_of_one_missing": "one photo is a batch of one: its first dimension has the length 1.",
    "batch_dimension_not_first": "the new dimension is in the wrong place: the first one counts the photos.",
    "batch_dimension_twice": "there is one dimension too many: each photo got a batch dimension of its own.",
    "batch_incomplete": "some photos are missing in the batch.",
    "batch_order_lost": "all photos are there, and not in the order of the list.",
    "batch_repeats_photo": "the same photo appears more than once.",
    "preprocess_called_twice": "`preprocess` ran more often than there are photos: keep its result and use it again.",
    "tensor_changed": "the tensor that was given has changed: operations whose names end in _, and +=, -=, *=, work in "
    "place.",
    "channels_not_moved": "the channels still come first; for display they come last.",
    "normalization_kept": "these are still the normalized values.",
    "undo_reversed": "the steps are not undone in the right way: each one backwards, and the last one first.",
    "undo_half_done": "only one of the two steps was undone.",
    "limits_left_out": "some values lie outside 0 to 1; cut them off at both ends.",
    "limited_too_early": "values were cut off before the normalization was undone: cut them off at the end.",
    "contrast_stretched": "the values were stretched to 0..1, which changes every colour: undo mean and std instead.",
    "mean_along_width": "mean and std have three numbers, one a channel, and PyTorch lines them up with the last "
    "dimension: give them a shape that fits.",
    "exif_ignored": "the photo lies as the camera stored it: its EXIF orientation says how to turn it, and was not "
    "used.",
    "exif_mirrored": "four of the eight EXIF orientations mirror the photo as well, and these were left out.",
    "exif_wrong_way": "the photo was turned or mirrored in another way than its EXIF orientation says.",
    "exif_lost": "the EXIF orientation was used for some photos only: a new picture has none, so turn the photo before "
    "you build another from it.",
    "photo_cut_off": "the size is another one: a quarter turn makes the width the height, and cuts nothing off.",
    "hidden_colours_shown": "colours that are hidden below transparent parts came out: the background must show there.",
    "transparency_in_one_mode": "transparency was seen in one mode only: grey (LA) and palettes (P) have it too.",
    "background_hard_coded": "this is another background than the one that the function is given.",
    "alpha_all_or_nothing": "half transparent parts came out whole, or not at all: photo and background mix there.",
    "alpha_reversed": "photo and background have changed places.",
    "deep_clipped": "with 16 bits white is 65535, and here all above 255 became white: scale the values first.",
    "deep_low_byte": "only the lower 8 of the 16 bits were kept, which is noise: scale the values first.",
    "deep_stretched": "the photo was stretched to its own brightest value; white is 65535 in every photo with 16 bits.",
    "mode_not_rgb": "a photo came back, and it is not of mode RGB.",
    # 04_inference
    "model_not_called": "the model never ran: give it the photos, and return what it gives.",
    "model_called_again": "the model ran more often than needed; keep the result of the one call.",
    "batch_taken_apart": "the photos reached the model in parts; give it the whole batch in one call.",
    "ran_in_training_mode": "layers were in training mode while the model ran: switch the whole model to eval mode "
    "first, and do not forget the parentheses.",
    "eval_too_late": "the switch to eval mode came after the model had run; it must come before.",
    "model_changed": "the call changed the numbers that BatchNorm has learned; nothing in the model may change.",
    "graph_recorded": "autograd recorded the call: the model must run inside the block that switches recording "
    "off; on a line of its own the switch does nothing.",
    "graph_cut_too_late": "the result was cut loose from the graph afterwards; by then the memory was used, so "
    "switch recording off before the model runs.",
    "softmax_too_early": "these are probabilities already; this function returns the logits as they come.",
    "classes_not_logits": "these are class numbers; the task asks for the logits of all classes.",
    "first_photo_only": "only the logits of one photo came back; return those of the whole batch.",
    "logits_not_probabilities": "these are the logits themselves; a probability is a share of the whole.",
    "softmax_of_the_best_only": "the shares were taken among the best classes only, so that they sum to 1; all "
    "classes must share.",
    "softmax_twice": "softmax was applied to probabilities, which makes them nearly equal; apply it once.",
    "softmax_over_wrong_dimension": "every probability is 1: softmax ran over a dimension of length 1; it must run "
    "over the classes.",
    "sigmoid_not_softmax": "each logit was squeezed on its own (sigmoid); here the classes must share a sum of 1.",
    "log_of_probability": "these are logarithms of the probabilities, so all are negative; give the shares.",
    "probability_in_percent": "these are percent; the task asks for numbers between 0 and 1.",
    "probability_rounded": "the probabilities were rounded; round when you print, not when you compute.",
    "exp_overflow": "the powers of e grew too large for a float (inf or nan); torch's own softmax avoids that.",
    "not_pairs": "each entry must be a tuple of two, a label with its probability; two separate lists are not that.",
    "pair_swapped": "the label comes first, then its probability.",
    "class_number_not_label": "the class number stands where the label should; look its name up in `labels`.",
    "k_ignored": "the number of entries is not k; use the k that is given.",
    "top_k_off_by_one": "each label is a neighbour of the right one: class 0 is the first label.",
    "top_k_not_sorted": "the right labels, but not best first.",
    "top_k_worst": "these are the classes with the lowest scores: most sorting starts with the smallest.",
    "top_k_wrong_labels": "these are not the labels of the k highest scores.",
    "remainder_dropped": "the last, smaller batch is missing: it counts too.",
    "photos_missing": "some photos have no result: does the loop reach the last photo, and does `return` stand "
    "behind the loop?",
    "photos_sent_twice": "some photos reached the model more than once, or the last batch was filled up.",
    "one_by_one": "the photos went through the model one at a time; send `batch_size` of them together.",
    "all_at_once": "all photos went through the model at once; `batch_size` is the most it may see at a time.",
    "batch_too_large": "a batch was larger than `batch_size`.",
    "number_of_batches_taken": "`batch_size` was used as the number of batches; it is the most photos in one batch.",
    "too_many_batches": "there were more batches than needed; fill each one before you start the next.",
    "order_lost": "the right logits, but not in the order of the photos.",
    "batches_not_joined": "the results of the batches are still separate; join them along the first dimension.",
    "preprocess_not_called": "`preprocess` was given and not used; only it knows what this model expects.",
    "photo_not_rgb": "`preprocess` got a photo that is not RGB; convert it first.",
    "batch_dimension_misplaced": "the model must get the shape [1, 3, height, width].",
    "input_not_float": "the model must get the float32 numbers that `preprocess` gives, unchanged.",
    "device_ignored": "a device was asked for, and neither the model nor the photo went there.",
    "photo_not_moved": "the model is on the device, the photo is not: a tensor's `to` returns a moved copy and "
    "leaves the tensor where it was.",
    "model_not_moved": "the photo is on the device, the model is not.",
    "device_replaced": "a device that is not there was asked for, and another one was used in silence; let the "
    "error come out.",
    "not_a_class_number": "the task asks for one whole number, the class.",
    "wrong_class": "this is not the class with the highest logit.",
    # 05_latency
    "function_not_called": "the function that was given was never called.",
    "wrong_number_of_calls": "the function must be called warmup + iterations times, no more and no less.",
    "warm_up_left_out": "the calls to warm up are missing: the first calls are slow, so make `warmup` of them before "
    "you measure.",
    "clock_ignored": "the clock that was given was never read: use the argument `clock`, not a clock of your own.",
    "clock_read_too_rarely": "several calls lie between two readings of the clock, so that only their sum is known: "
    "read it before and after each call.",
    "key_missing": "the dictionary lacks a key that the task names; spelling counts.",
    "not_one_number": "one number is wanted here.",
    "seconds_not_milliseconds": "this is in seconds, as the clock gives it; the task asks for milliseconds.",
    "milliseconds_twice": "this was turned into milliseconds twice.",
    "mean_not_median": "this is the mean, which one slow call moves; the median is the call in the middle.",
    "mean_not_p95": "this is the mean; the 95th percentile is what 95 of 100 calls do not exceed.",
    "median_p95_swapped": "median and 95th percentile have changed places.",
    "latencies_not_sorted": "this is the right place in the list, but the calls still stand in the order in which they "
    "were made: sort them first.",
    "fastest_taken": "this is the fastest call; if you asked for a percentile, does your function count from 0 to 1 "
    "or from 0 to 100?",
    "percentile_too_low": "many more than 5 of 100 calls are slower than this; are the latencies sorted, and does your "
    "function count percentiles from 0 to 1 or from 0 to 100?",
    "slowest_taken": "this is the slowest call, which chance decides; leave the slowest 5 of 100 aside.",
    "time_of_all_calls": "this is the time of all calls together.",
    "warm_up_counted": "the slow first calls are among the latencies: leave the calls to warm up out.",
    "other_latency": "this does not follow from what the calls took: print your list of latencies.",
    "batch_size_forgotten": "these are calls, not images: each call had a whole batch of images.",
    "milliseconds_taken_for_seconds": "the latencies are in milliseconds, and were taken for seconds.",
    "milliseconds_multiplied": "milliseconds were turned into seconds the wrong way round.",
    "one_batch_counted": "the images of one call were divided by the time of all calls; count all images.",
    "mean_of_rates": "this is the mean of the speeds of the calls; fast calls count too much in it, so divide all "
    "images by all the time.",
    "sum_of_rates": "the speeds of the calls were added up; divide all images by all the time.",
    "median_not_total": "this is the speed of a typical call; slow calls count as well, so divide all images by all "
    "the time.",
    "time_not_throughput": "this is a time; throughput is images in a second, so the division goes the other way.",
    "throughput_rounded": "the number was rounded; round when you print, not when you compute.",
    "other_throughput": "this does not follow from the images and the time: write down the units of each step.",
    "not_true_or_false": "the task asks for one True or False for the whole batch.",
    "same_not_seen": "nothing differs here, and the answer must be True.",
    "always_true": "the answer is True whatever differs: compare the best classes, and then the logits.",
    "one_condition_enough": "one of the two conditions was enough for True; both must hold.",
    "exact_equality_asked": "the last digits may differ: differences up to the tolerance are allowed.",
    "top_k_over_photos": "every photo has its own best classes: take them along the dimension of the classes.",
    "places_after_k_compared": "only the k best classes must be the same; those after them may change places.",
    "order_of_classes_ignored": "classes among the k best have changed places, and this was not seen: compare them "
    "place by place.",
    "only_first_places_compared": "the classes differ further down among the k best, and this was not seen: compare "
    "all k places.",
    "only_first_photo_compared": "the change is seen in the first photo and not in the last one: each photo must be "
    "compared on its own.",
    "difference_missed": "a logit differs by more than the tolerance, and this was not seen: look at the largest "
    "difference, whatever its sign.",
    "nan_accepted": "a logit is nan, and the answer was True: every comparison with nan is False, so ask whether the "
    "difference is small, not whether it is large.",
    # 06_gpu
    "pair_expected": "two things are to come back, the model and then the batch.",
    "model_batch_swapped": "the model comes first, then the batch.",
    "model_ran": "the model was run; this function only moves model and batch, and returns both.",
    "batch_not_moved": "the model is on the device, the batch is not: a tensor's `to` returns a moved copy and leaves "
    "the tensor where it was.",
    "model_left_behind": "the batch is on the device, the model is not: both must go there.",
    "device_hard_coded": "the name of a device is written into the code: use only the `device` and the functions that "
    "are given.",
    "dtype_changed": "the type of the numbers has changed; moving changes the place and nothing else.",
    "numbers_changed": "the numbers have changed on the way; moving changes the place and nothing else.",
    "auto_returned": "`auto` is a wish and no device: return the name of the best one in the list.",
    "best_device_missed": "a faster device is in the list: cuda goes before mps, and mps before cpu, in any order.",
    "machine_asked": "the code asked this computer what it has; the answer must come from `available` alone.",
    "cuda_refused": "`cuda` without a number means the first name in the list that starts so; that is no error.",
    "device_refused": "this device is in the list, and an error came all the same.",
    "other_device_taken": "another device than the one asked for came back, although that one is there.",
    "missing_device_returned": "this name is not in the list: look there before you return a name.",
    "missing_device_replaced": "the device asked for is not there, and another one was chosen in silence, so that the "
    "report will name the wrong one: raise an error.",
    "missing_device_unreported": "the device asked for is not there, and no error came: a message that is printed or "
    "returned stops nobody, so raise it.",
    "wrong_error_type": "an error came, and it is of another type than the task asks for.",
    "error_without_names": "the error does not say which devices there are: put their names into its message.",
    "not_synchronized": "this is how long it takes to put the work into the queue; the device was still at it: wait "
    "for it with `synchronize`.",
    "clock_stopped_too_early": "the clock was read while the device was still working: wait once more, before you read "
    "it the second time.",
    "warm_up_still_running": "the clock was started while the device was still busy with the warm-up: wait before you "
    "start it.",
    "transfer_timed": "model or batch were moved while the clock was running: move them once, before you start it.",
    "iterations_ignored": "the number of calls that are timed must be `iterations`.",
    "divided_twice": "this was divided by the number of calls once too often.",
    "rate_not_time": "this is how many calls fit into a second; the task asks for the time of one.",
    "wrong_time": "this is not the time of one call: write down what happens between the two readings of the clock.",
    # 07_app
    "loader_not_called": "no model came through `models.load_classifier`, which the task names: load it with that.",
    "model_loaded_again": "the model was loaded more than once, which takes far longer than a prediction: load it when "
    "the classifier is made, and keep it.",
    "model_name_ignored": "another model was loaded than the one asked for: pass `model_name` on.",
    "latency_not_returned": "only the results came back; return two things, the results and the milliseconds.",
    "time_not_positive": "a run takes some time: is the second reading of the clock behind the model's run?",
    "run_not_timed": "the model's run took longer than this: start the clock before it, and stop it after it.",
    "other_work_timed": "this holds more than the model's run: open and preprocess the photo before the clock starts.",
    "top_k_ignored": "the number of results is not `top_k`: use the number that is given.",
    "top_k_not_checked": "this `top_k` makes no sense, and no error came: check it first.",
    "labels_of_another_model": "this is no class of the model that was loaded: use the labels that came with it.",
    "label_and_id_differ": "'class' and 'class_id' do not belong together: the id is the label's place in the list.",
    "other_photo_answered": "these are the classes of another photo than the one asked for.",
    "probability_of_another_class": "the probabilities stand beside the wrong classes: keep each with its class.",
    "device_attribute_wrong": "the attribute `device` does not say where the model runs: set it in `__init__`.",
    "auto_ignores_gpu": "there is a graphics card, and with 'auto' the model was not moved to it.",
    "argv_ignored": "`main` read the command line of this notebook: give `argv` to `parse_args`.",
    "option_unknown": "the program refused a photo or an option that the task names: look at the spelling, and at what "
    "has a default.",
    "option_ignored": "the option was given and the default was used: pass it on.",
    "option_is_text": "this arrived as text; tell argparse which type it is.",
    "wrong_option": "something else arrived than was typed: are the arguments in the right order?",
    "wrong_default": "an option that was left out must take its default.",
    "classifier_not_used": "no photo was classified: make an ImageClassifier, and call its `predict`.",
    "nothing_printed": "nothing came out on stdout: print the text that `format_results` gives.",
    "heading_differs": "the heading is not the one of the task: does `format_results` get both arguments?",
    "lines_differ": "the heading is right, the lines below it are not.",
    "exit_code_missing": "`main` must return the exit code, a whole number: 0 or 2.",
    "exit_code_zero": "it failed, and the exit code 0 tells other programs that all went well.",
    "wrong_exit_code": "this is not the exit code of the task: 0 for success, 2 for an error of the user.",
    "traceback_shown": "the error came out with its traceback, which helps no user: catch it by its type.",
    "error_on_stdout": "the message went to stdout, among the results; print it to stderr.",
    "error_not_explained": "the user is not told what is wrong: print the message of the error.",
    "error_in_many_lines": "the message fills several lines; join them to one.",
    "success_lost": "a run in which all is well no longer gives its results and exit code 0.",
    "bug_swallowed": "a mistake in the program itself was hidden: catch only the types that you expect, by name.",
    "entries_missing": "there must be one entry for each path, also for a file that is no photo.",
    "error_invented": "an error was reported although every file is a photo.",
    "batch_stopped": "one bad file ended it for all: open each photo on its own, and note the error.",
    "bad_file_answered": "this file is no photo, so its entry must be None.",
    "bad_file_not_named": "the errors must name exactly the files that are no photos.",
    "one_run_each": "the photos went through the model one at a time; stack them and run it once.",
    "not_one_batch": "the photos must reach the model together, each once.",
    "empty_batch_run": "the model ran although there is no photo: return before that.",
    "error_kept": "the next attempt was made inside the `except` block, where the error still holds the memory of the "
    "failed one: leave the block first.",
    "batches_too_small": "larger batches would have fitted: halve the size only when memory runs out.",
    "other_error_retried": "smaller batches cannot cure this error, and it was tried again: catch the error of memory.",
    "loop_without_end": "the attempts never end: when one photo does not fit, let the error out.",
    "gave_up_too_early": "the error came out before one photo was tried alone: halve the size until it is 1.",
    "error_hidden": "the error did not come out: when one photo does not fit, nobody can go on.",
    "wrong_rows": "there must be one row for each model, in the order given, with its name.",
    "parameters_not_bytes": "these are millions of numbers; a number takes several bytes.",
    "mebibytes": "this was divided by 1024 twice; a megabyte (MB) is 1,000,000 bytes.",
    "bytes_assumed": "not every number takes 4 bytes: ask each parameter how many its own numbers take.",
    "bytes_not_megabytes": "these are bytes; the task asks for megabytes.",
    "wrong_size": "this is not the size of all parameters in megabytes.",
    "wrong_answers_counted": "this is the number of wrong answers.",
    "answers_miscounted": "count the photos whose best label is among the right ones.",
} | OWN_CAUSES


def choose_causes(named: Iterable[object]) -> tuple[str, ...]:
    """Return the causes among `named`, in the order of the list above, at most `MAX_NAMED`.

    In any number and order, submitted code could spell out with them what it saw in a hidden check.
    """
    found = {cause for cause in named if isinstance(cause, str)}
    return tuple(cause for cause in CAUSES if cause in found)[:MAX_NAMED]
